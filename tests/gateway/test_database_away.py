"""What callers are told while the gateway's own database cannot be reached."""

import psycopg2
import pytest
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from gateway.web import make_web
from services.kernel.store.claims import OutcomeUnknown
from tests.gateway.conftest import problem

LOST = psycopg2.DatabaseError("server closed the connection unexpectedly")


def answer_when(error):
    def keys(_presented):
        raise error

    web = make_web(lambda *_: {}, keys, dict)
    return web.test_client().get("/v1/clients", headers={"Authorization": "Bearer rk"})


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT 1", {}, psycopg2.OperationalError("the database system is starting up")),
        DatabaseError("SELECT 1", {}, LOST, connection_invalidated=True),
        NoConnectionFree(),
        OutcomeUnknown(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_caller_is_asked_to_repeat(error):
    response = answer_when(error)
    problem(response, 503, "unavailable")
    assert response.headers["Retry-After"]


def test_a_wrong_statement_stays_an_error_of_ours():
    error = ProgrammingError("SELECT x", {}, psycopg2.ProgrammingError("column x does not exist"))
    problem(answer_when(error), 500, "internal")
