from services.kernel.providers import nameko_service
from tests.crash.alpha.wiring import SERVICE

AlphaService = nameko_service(SERVICE)
