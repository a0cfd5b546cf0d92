from services.kernel.providers import nameko_service
from tests.crash.beta.wiring import SERVICE

BetaService = nameko_service(SERVICE)
