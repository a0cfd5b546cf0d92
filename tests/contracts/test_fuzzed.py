"""Schemathesis over the whole OpenAPI: all checks, always the same cases.

A few are sent with all other tests, many with the long ones, and `REESTR_FUZZ_CASES` says how many
where somebody wants it to be more.
"""

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from gateway.routes import ROUTES
from services.kernel.ids import new_id
from tests.gateway.conftest import Web

FEW, MANY = 600, 5000
# what a schema cannot say, a rule refuses; the key has no limit, only passwords cannot be guessed for long
BY_RULE = [400, 404, 409, 410, 412, 413, 415, 422, 428, 429]
CHECKS: dict[str, Any] = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, *BY_RULE]},
    "negative_data_rejection": {"expected-statuses": [401, 403, 405, *BY_RULE]},
    "missing_required_header": {"expected-statuses": [401, 403, *BY_RULE]},
}
# an answer without end has tests of its own
FUZZED = [route for route in ROUTES if route.path != "/v1/events/stream"]


@pytest.fixture(scope="module")
def web(system):
    return Web(system)


@pytest.fixture(scope="module")
def schema(web):
    config = SchemathesisConfig.from_dict({"checks": CHECKS})
    return schemathesis.openapi.from_wsgi("/openapi.json", web.app, config=config)


def fuzz(web: Web, operation: Any, mode: GenerationMode, cases: int) -> None:
    most = max(1, int(os.environ.get("REESTR_FUZZ_CASES", cases)) // (2 * len(FUZZED)))

    @seed(20261123)
    @settings(max_examples=most, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(operation.as_strategy(generation_mode=mode))
    def is_answered_as_described(case: Any) -> None:
        if mode is GenerationMode.POSITIVE and "Idempotency-Key" in (case.headers or {}):
            case.headers["Idempotency-Key"] = new_id()
        case.call_and_validate(headers={"Authorization": f"Bearer {web.key}", "Accept-Encoding": "identity"})

    is_answered_as_described()


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("route", FUZZED, ids=lambda route: route.name)
def test_whatever_is_sent_is_answered_as_it_is_described(web, schema, route, mode):
    fuzz(web, schema[route.path][route.method], mode, FEW)


@pytest.mark.long
@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("route", FUZZED, ids=lambda route: route.name)
def test_however_much_is_sent_is_answered_as_it_is_described(web, schema, route, mode):
    fuzz(web, schema[route.path][route.method], mode, MANY)
