"""Refusals: what a caller is told when a command or query is not carried out.

A refusal carries its texts in Russian and English; the gateway picks one by
`Accept-Language` and renders it as an RFC 9457 problem.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self


def _slug(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: its path (`lines.0.price`), a stable code and the reason."""

    field: str
    code: str
    ru: str
    en: str


class Refusal(Exception):
    """A command refused by a rule. Subclasses are named after the rule.

    `status` is the HTTP status, `ru` and `en` are templates filled with the
    keyword arguments, of which `retry_after` is told in a header too; the stable problem type
    is the class name in kebab case.
    """

    status: ClassVar[int] = 409
    ru: ClassVar[str] = "Команда отклонена"
    en: ClassVar[str] = "The command was refused"

    def __init__(self, errors: Sequence[FieldError] = (), **params: Any) -> None:
        super().__init__(type(self).__name__, params)
        self.errors = tuple(errors)
        self.params = params

    def __str__(self) -> str:
        return self.en.format(**self.params)

    @classmethod
    def on(cls, field: str, **params: Any) -> Self:
        """The refusal, blamed on one field."""
        code = _slug(cls.__name__)
        error = FieldError(field, code, cls.ru.format(**params), cls.en.format(**params))
        return cls([error], **params)

    def problem(self) -> "Problem":
        return Problem(
            type=_slug(type(self).__name__),
            status=self.status,
            ru=self.ru.format(**self.params),
            en=self.en.format(**self.params),
            errors=self.errors,
            retry_after=self.params.get("retry_after", 0),
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal as it travels over RPC. `retry_after` is in how many seconds it may be otherwise,
    0 where that is not known."""

    type: str
    status: int
    ru: str
    en: str
    errors: tuple[FieldError, ...] = field(default=())
    retry_after: int = 0

    def to_dict(self) -> dict[str, Any]:
        errors = [{"field": e.field, "code": e.code, "ru": e.ru, "en": e.en} for e in self.errors]
        told = {"type": self.type, "status": self.status, "ru": self.ru, "en": self.en}
        return {**told, "errors": errors, "retry_after": self.retry_after}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        errors = tuple(FieldError(**error) for error in data["errors"])
        return cls(data["type"], data["status"], data["ru"], data["en"], errors, data["retry_after"])


class Invalid(Refusal):
    status = 422
    ru = "Данные не прошли проверку"
    en = "The data did not pass validation"


class NotFound(Refusal):
    status = 404
    ru = "Не найдено: {what} {id}"
    en = "Not found: {what} {id}"


class StaleVersion(Refusal):
    """The caller's If-Match, or the version a decision was made on, is not the current one."""

    status = 412
    ru = "Версия устарела: ожидалась {expected}, сейчас {actual}"
    en = "Stale version: expected {expected}, now {actual}"


class VersionRequired(Refusal):
    status = 428
    ru = "Нужен заголовок If-Match"
    en = "The If-Match header is required"


class IdempotencyKeyReused(Refusal):
    status = 422
    ru = "Ключ идемпотентности уже использован с другим телом"
    en = "The idempotency key was already used with another body"


class NotYetVisible(Refusal):
    status = 503
    ru = "Позиция {position} ещё не видна"
    en = "Position {position} is not visible yet"


class DeadlineExpired(Refusal):
    status = 503
    ru = "Срок запроса истёк до начала работы"
    en = "The deadline of the request passed before work began"


class Forgotten(Refusal):
    """The person's key was destroyed; it is never made again."""

    status = 410
    ru = "Персональные данные этого лица уничтожены, новые не записываются"
    en = "The personal data of this person were destroyed, and none are written any more"


class Contended(Refusal):
    """Others were faster until the deadline; nothing was written."""

    status = 503
    ru = "Слишком много одновременных изменений; повторите с тем же ключом"
    en = "Too many changes at the same time; repeat with the same key"


class Unavailable(Refusal):
    status = 503
    ru = "Служба «{service}» не ответила вовремя; повторите с тем же ключом"
    en = "Service {service} did not answer in time; repeat with the same key"


class Forbidden(Refusal):
    status = 403
    ru = "Нет права: {permission}"
    en = "Permission missing: {permission}"
