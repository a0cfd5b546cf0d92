"""What keeps the client base in order: questionnaires, and what clients have answered."""

from gateway.routing import Kind, Route

_C = "clients"
_ALL, _ONE = "/v1/questionnaires", "/v1/questionnaires/{code}"
_ANSWERS, _ANSWER = "/v1/questionnaire-answers", "/v1/questionnaire-answers/{answer_id}"


def _setting(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _C, call, f"settings.{permission}", "questionnaires", summary)


def _answer(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    """An answer is part of the relations with a client, and seen by who sees these."""
    return Route(method, path, kind, _C, call, f"interactions.{permission}", "questionnaires", summary)


ROUTES = (
    _setting("POST", _ALL, "create", "add_questionnaire", "write", "Make a questionnaire"),
    _setting("GET", _ALL, "list", "list_questionnaires", "read", "List questionnaires"),
    _setting("GET", _ONE, "get", "get_questionnaire", "read", "Get a questionnaire, with what it asked earlier"),
    _setting("PATCH", _ONE, "change", "change_questionnaire", "write", "Ask other things, or retire a questionnaire"),
    _answer("POST", _ANSWERS, "create", "answer_questionnaire", "write", "Write down what a client has answered"),
    _answer("GET", _ANSWERS, "list", "list_questionnaire_answers", "read", "List what clients have answered"),
    _answer("GET", _ANSWER, "get", "get_questionnaire_answer", "read", "Get what a client has answered"),
)
