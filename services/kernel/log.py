"""Logs: one JSON object to a line on stderr, with who asked and why, and without personal data.

Whatever is logged passes one rule, so that no list of fields has to be kept: numbers and
plain tokens (ids, names of methods and tables, times) stand as they are, any other text
becomes `***`. Messages of errors are kept to their first line, with whatever looks personal cut out.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from types import TracebackType
from typing import Any, TextIO

import structlog

from services.kernel.clock import to_iso
from services.kernel.context import Context

CUT = "***"
FRAMES = 50
MESSAGE_LENGTH = 500
_TOKEN = re.compile(r"(?!\+?\d{9,}$)[!-?A-~]{1,200}")
_LONG_NUMBER = re.compile(r"(?<![\w-])\+?(?:\d[ ()-]*){9,}(?![\w-])")
_QUOTED = re.compile(r"""(?<!\w)(?:'[^']*'|"[^"]*"|\([^()]*\))(?!\w)""")
_NAMING = re.compile(r"['\"(][\w.:/-]*['\")]", re.ASCII)
_CUTS = re.compile(r"\*{3}(?:[ *]*\*{3})?")
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(service: str, level: str = "info", stream: TextIO | None = None) -> None:
    """Sends the logs of this process, those of its libraries included, to `stream` (stderr)."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _clean,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", key="time"),
            structlog.processors.ExceptionRenderer(_render),
            lambda _logger, _method, event: _in_order(service, event),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
    )
    logging.root.handlers = [_Libraries()]
    logging.root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def bound(context: Context) -> AbstractContextManager[None]:
    """While it lasts, every line logged by this thread or greenlet says whose request it serves."""
    return structlog.contextvars.bound_contextvars(
        correlation_id=context.correlation_id, causation_id=context.causation_id, actor=context.actor
    )


def mask(message: str) -> str:
    """The first line of an error's message without what may be personal: text that is not
    English, addresses, long numbers, quoted values."""
    line = message.strip().partition("\n")[0][:MESSAGE_LENGTH]
    line = _LONG_NUMBER.sub(CUT + " ", line)
    line = _QUOTED.sub(lambda found: found[0] if _NAMING.fullmatch(found[0]) else CUT, line)
    return _CUTS.sub(CUT, " ".join(_masked_word(word) for word in line.split()))


def _masked_word(word: str) -> str:
    return word if word.isascii() and "@" not in word else CUT


def _clean(_logger: Any, _method: str, event: Mapping[str, Any]) -> Mapping[str, Any]:
    clean = {key: value if key == "exc_info" else _plain(key, value) for key, value in event.items()}
    return clean | {"event": mask(str(event["event"]))}


def _in_order(service: str, event: Mapping[str, Any]) -> dict[str, Any]:
    """The line with what an eye looks for first in front."""
    return {"time": event["time"], "level": event["level"], "service": service, "event": event["event"], **event}


def _plain(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_plain_text("", str(k)): _plain(str(k), v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(key, inner) for inner in value]
    if isinstance(value, str):
        return _plain_text(key, value)
    return _plain_scalar(value)


def _plain_text(key: str, text: str) -> str:
    if key == "error":
        return mask(text)
    return text if _TOKEN.fullmatch(text) else CUT


def _plain_scalar(value: Any) -> Any:
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, BaseException):
        return _summary(value)
    return to_iso(value) if isinstance(value, datetime) else CUT


def _summary(error: BaseException) -> str:
    try:
        message = mask(str(error))
    except Exception:  # an error that cannot even be printed is logged all the same
        message = CUT
    return f"{type(error).__name__}: {message}".removesuffix(": ")


def _render(exc_info: _ExcInfo) -> str:
    """The traceback, and only the summary where this error was logged before."""
    error = exc_info[1]
    if getattr(error, "__logged__", False):
        return _summary(error)
    with suppress(AttributeError):
        error.__logged__ = True  # type: ignore[attr-defined]  # a note to ourselves
    return "\n\n".join(_section(one) for one in reversed(list(_causes(error))))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _section(error: BaseException) -> str:
    return "".join(traceback.format_tb(error.__traceback__, limit=-FRAMES)) + _summary(error)


class _Libraries(logging.Handler):
    """Hands what libraries log through the standard module to the same output."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        level = min(max(record.levelno // 10 * 10, logging.DEBUG), logging.CRITICAL)
        log.log(level, _text(record), logger=record.name, exc_info=record.exc_info)


def _text(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # wrong arguments, which must not stop the library
        return str(record.msg)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        structlog.get_logger().critical("uncaught", exc_info=error)


def _uncaught_in_thread(thread: threading.ExceptHookArgs) -> None:
    if thread.exc_value is not None and not isinstance(thread.exc_value, SystemExit):
        structlog.get_logger().critical("uncaught", exc_info=thread.exc_value)
