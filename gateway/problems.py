"""Refusals as RFC 9457 problems, in the language the caller asked for."""

from typing import Any

import msgspec
from flask import Response, request
from werkzeug.exceptions import HTTPException

from gateway.request_ids import request_id
from services.kernel.errors import FieldError, Problem, Refusal

LANGUAGES = ("ru", "en")
# seconds, where the refusal itself knows nothing better
RETRY_AFTER = {503: 1, 429: 1}
# whoever has a thousand wrong fields is told of the first
MOST_ERRORS = 100


class BrokenJson(Refusal):
    status = 400
    ru = "Тело запроса — не JSON"
    en = "The request body is not JSON"


class NotAnObject(Refusal):
    status = 422
    ru = "Тело запроса должно быть объектом JSON"
    en = "The request body must be a JSON object"


class IdempotencyKeyRequired(Refusal):
    status = 400
    ru = "Нужен заголовок Idempotency-Key длиной от 1 до 200 знаков"
    en = "The Idempotency-Key header of 1 to 200 characters is required"


class MalformedIfMatch(Refusal):
    status = 400
    ru = "If-Match должен быть версией в кавычках, как в ETag"
    en = "If-Match must be a version in quotes, as in ETag"


class MalformedMinPosition(Refusal):
    status = 400
    ru = "min_position должен иметь вид clients:57,deals:3"
    en = "min_position must look like clients:57,deals:3"


class Unauthorised(Refusal):
    status = 401
    ru = "Нужен действующий ключ: Authorization: Bearer <ключ>"
    en = "A valid key is required: Authorization: Bearer <key>"


class WrongCsrfToken(Refusal):
    status = 403
    ru = "Запись по cookie требует заголовка X-CSRF-Token с ключом сеанса"
    en = "A write by cookie requires the X-CSRF-Token header with the session's token"


class UnsupportedContentEncoding(Refusal):
    status = 415
    ru = "Сжатые тела запросов не принимаются"
    en = "Compressed request bodies are not accepted"


def language() -> str:
    return request.accept_languages.best_match(LANGUAGES) or "ru"


def problem_body(problem: Problem, instance: str) -> dict[str, Any]:
    """`detail` and the fields' reasons come in the caller's language, Russian by default."""
    chosen = language()
    body: dict[str, Any] = {
        "type": f"/problems/{problem.type}",
        "title": problem.en if chosen == "en" else problem.ru,
        "status": problem.status,
        "detail": problem.en if chosen == "en" else problem.ru,
        "instance": instance,
        "request_id": request_id(),
    }
    if problem.status in RETRY_AFTER:
        body["retry_after"] = problem.retry_after or RETRY_AFTER[problem.status]
    if problem.errors:
        body["errors"] = [_field(error, chosen) for error in problem.errors[:MOST_ERRORS]]
    return body


def problem_response(problem: Problem) -> Response:
    body = problem_body(problem, request.path)
    response = Response(msgspec.json.encode(body), problem.status, content_type="application/problem+json")
    response.headers["Content-Language"] = language()
    response.vary.add("Accept-Language")
    if "retry_after" in body:
        response.headers["Retry-After"] = str(body["retry_after"])
    if problem.status == Unauthorised.status:
        response.headers["WWW-Authenticate"] = 'Bearer realm="reestr"'
    if problem.status == UnsupportedContentEncoding.status:
        response.headers["Accept-Encoding"] = "identity"
    return response


def _field(error: FieldError, chosen: str) -> dict[str, str]:
    return {"field": error.field, "code": error.code, "detail": error.en if chosen == "en" else error.ru}


HTTP_PROBLEMS = {
    400: ("bad-request", "Неверный запрос"),
    404: ("not-found", "Такого адреса нет"),
    405: ("method-not-allowed", "Метод не поддерживается"),
    413: ("too-large", "Тело запроса слишком большое"),
    415: ("unsupported-media-type", "Тип содержимого не поддерживается"),
}


def problem_of(error: HTTPException) -> Problem:
    status = error.code or 500
    kind, ru = HTTP_PROBLEMS.get(status, ("http-error", "Запрос не выполнен"))
    return Problem(kind, status, ru, error.description or kind)


def http_problem(error: HTTPException) -> Response:
    """What Flask itself refuses."""
    response = problem_response(problem_of(error))
    response.headers.extend([(name, value) for name, value in error.get_headers() if name == "Allow"])
    return response
