"""Configuration: environment variables only, all in one table, refused when wrong.

Every address may hold a password, so each has a `<NAME>_FILE` variant that names a file
to read it from; a variable and its `_FILE` variant together are refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url

from services.kernel import config_values as v

PORTS = range(1, 65536)
WORKERS = range(1, 201)
PROXIES = range(6)


class ConfigurationError(Exception):
    """What is wrong with the environment, one line for each variable."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Variable:
    """One row of the table. `default` is text as it would stand in the environment, None where
    the variable may be left out, `otherwise` what then holds; without either it is required."""

    name: str
    parse: Callable[[str], Any]
    meaning: str
    default: str | None
    otherwise: str | None
    secret: bool

    @property
    def required(self) -> bool:
        return self.default is None and self.otherwise is None


def _row(
    name: str,
    parse: Callable[[str], Any],
    meaning: str,
    *,
    default: str | None = None,
    otherwise: str | None = None,
    secret: bool = False,
) -> dict[str, Variable]:
    return {"variable": Variable(name, parse, meaning, default, otherwise, secret)}


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """The configuration of one process. It has passwords in it and is never printed."""

    service: str = field(metadata=_row("REESTR_SERVICE", v.name, "Which service this process is"))
    store_url: str = field(
        metadata=_row(
            "REESTR_STORE_URL",
            v.database,
            "Events, claims and received messages: SQLite file or PostgreSQL",
            secret=True,
        )
    )
    views_url: str = field(
        metadata=_row(
            "REESTR_VIEWS_URL",
            v.database,
            "Read models",
            otherwise="on PostgreSQL the store's database, on SQLite `views.db` beside the store",
            secret=True,
        )
    )
    keyring_url: str = field(
        metadata=_row(
            "REESTR_KEYRING_URL", v.database, "Keys of personal data, one keyring for all services", secret=True
        )
    )
    master_key_file: Path = field(
        metadata=_row(
            "REESTR_MASTER_KEY_FILE",
            v.readable,
            "File with the key that wraps the keyring's keys: 32 random bytes in base64",
        )
    )
    amqp_url: str = field(metadata=_row("REESTR_AMQP_URL", v.address("amqp", "amqps"), "RabbitMQ", secret=True))
    broker_api_url: str | None = field(
        metadata=_row(
            "REESTR_BROKER_API_URL",
            v.address("http", "https"),
            "Management API of RabbitMQ, by which the gateway keeps the users of subscribers",
            otherwise="port 15672 of the host in `REESTR_AMQP_URL`, as its user",
            secret=True,
        )
    )
    smtp_url: str = field(
        metadata=_row(
            "REESTR_SMTP_URL",
            v.address("smtp", "smtps"),
            "Mail server: `smtp://` (with STARTTLS where offered) or `smtps://`",
            default="smtp://127.0.0.1:25",
            secret=True,
        )
    )
    notice_sender: str = field(
        metadata=_row(
            "REESTR_NOTICE_SENDER", v.mailbox, "Who notices to users come from", default="reestr@localhost.localdomain"
        )
    )
    blob_url: str = field(
        metadata=_row(
            "REESTR_BLOB_URL",
            v.blobs,
            "Files: a folder (`file:///…`) or a table in PostgreSQL",
            otherwise="on PostgreSQL the store's database, on SQLite `blobs` beside the store",
            secret=True,
        )
    )
    time_zone: ZoneInfo = field(
        metadata=_row("REESTR_TIME_ZONE", v.zone, "Where the company's days begin and end", default="Europe/Moscow")
    )
    gateway_host: str = field(
        metadata=_row("GATEWAY_HOST", v.host, "Address the gateway listens on", default="127.0.0.1")
    )
    gateway_port: int = field(metadata=_row("GATEWAY_PORT", v.number(PORTS), "Port of the gateway", default="8000"))
    proxies: int = field(
        metadata=_row(
            "GATEWAY_PROXIES",
            v.number(PROXIES),
            "How many proxies of yours stand before the gateway; it takes the caller's address from their "
            "`X-Forwarded-For`",
            default="0",
        )
    )
    rate_limit: tuple[int, int] | None = field(
        metadata=_row(
            "GATEWAY_RATE_LIMIT",
            v.rate,
            "Requests that one key or session may send in so many seconds, or `off`; each gateway process counts "
            "for itself",
            default="12000/60",
        )
    )
    address_rate_limit: tuple[int, int] | None = field(
        metadata=_row(
            "GATEWAY_ADDRESS_RATE_LIMIT",
            v.rate,
            "The same for requests from one address without a valid key",
            default="600/60",
        )
    )
    form_rate_limit: tuple[int, int] | None = field(
        metadata=_row(
            "GATEWAY_FORM_RATE_LIMIT", v.rate, "The same for what one form on a site takes in", default="300/60"
        )
    )
    form_address_rate_limit: tuple[int, int] | None = field(
        metadata=_row(
            "GATEWAY_FORM_ADDRESS_RATE_LIMIT", v.rate, "The same for what one address sends to forms", default="20/60"
        )
    )
    unlimited_keys: tuple[str, ...] = field(
        metadata=_row("GATEWAY_UNLIMITED_KEYS", v.names, "Ids of API keys without a limit, by commas", otherwise="none")
    )
    cors_origins: tuple[str, ...] = field(
        metadata=_row(
            "GATEWAY_CORS_ORIGINS",
            v.origins,
            "Origins whose pages may use the API from a browser, by commas; `*` for all",
            otherwise="none",
        )
    )
    metrics_host: str = field(
        metadata=_row("REESTR_METRICS_HOST", v.host, "Address the metrics are served on", default="127.0.0.1")
    )
    metrics_port: int | None = field(
        metadata=_row(
            "REESTR_METRICS_PORT",
            v.number(PORTS),
            "Port of this process's `GET /metrics` for Prometheus",
            otherwise="not served (the gateway serves its own on its port)",
        )
    )
    webhooks_to_loopback: bool = field(
        metadata=_row(
            "REESTR_WEBHOOKS_TO_LOOPBACK",
            v.switch,
            "For development: `on` lets webhooks go to this machine too, by `http://` and to any port",
            default="off",
        )
    )
    log_level: str = field(
        metadata=_row("REESTR_LOG_LEVEL", v.level, "One of " + ", ".join(v.LOG_LEVELS), default="info")
    )
    max_workers: int = field(
        metadata=_row("REESTR_MAX_WORKERS", v.number(WORKERS), "Requests carried out at a time", default="10")
    )


VARIABLES: Mapping[str, Variable] = {f.name: f.metadata["variable"] for f in fields(Settings)}


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings, or a `ConfigurationError` that names everything wrong at once."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for attribute, variable in VARIABLES.items():
        try:
            values[attribute] = _value(variable, environment)
        except ValueError as error:
            problems.append(f"{variable.name} {error}")
    if problems:
        raise ConfigurationError(problems)
    values["views_url"] = values["views_url"] or _beside_store(values["store_url"], "views.db")
    values["blob_url"] = values["blob_url"] or _blobs_beside(values["store_url"])
    values["unlimited_keys"] = values["unlimited_keys"] or ()
    values["cors_origins"] = values["cors_origins"] or ()
    return Settings(**values)


def _value(variable: Variable, environment: Mapping[str, str]) -> Any:
    text = _text(variable, environment) or variable.default
    if text is not None:
        return variable.parse(text)
    if variable.required:
        raise ValueError(f"is not set; it says: {variable.meaning}")
    return None


def _text(variable: Variable, environment: Mapping[str, str]) -> str | None:
    """What is set, from the variable or from its file; an empty variable counts as not set."""
    text, path = environment.get(variable.name), environment.get(variable.name + "_FILE")
    if not variable.secret or not path:
        return text or None
    if text:
        raise ValueError(f"and {variable.name}_FILE are both set; choose one")
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"cannot be read from the file that {variable.name}_FILE names: {error}") from None


def _beside_store(store_url: str, name: str) -> str:
    url = make_url(store_url)
    if url.get_backend_name() != "sqlite":
        return store_url
    return str(url.set(database=str(Path(url.database or "").with_name(name))))


def _blobs_beside(store_url: str) -> str:
    url = make_url(store_url)
    if url.get_backend_name() != "sqlite":
        return store_url
    return Path(url.database or "").absolute().with_name("blobs").as_uri()


def markdown_table() -> str:
    """The table of all variables, as it stands in docs/configuration.md."""
    rows = ["| variable | meaning | default |", "| --- | --- | --- |"]
    for variable in VARIABLES.values():
        name = f"`{variable.name}`" + (f", `{variable.name}_FILE`" if variable.secret else "")
        default = f"`{variable.default}`" if variable.default else variable.otherwise or "required"
        rows.append(f"| {name} | {variable.meaning} | {default} |")
    return "\n".join(rows) + "\n"
