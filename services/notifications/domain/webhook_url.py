"""Where a webhook may lead: to public addresses on the web, and nowhere inside."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from services.kernel.errors import Refusal

PORTS = (443, 8443)
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# addresses that lead on to another one, written inside them
TUNNELS = tuple(map(ipaddress.ip_network, ("2002::/16", "2001::/23")))
_HOST = re.compile(r"[a-z0-9.:_-]{1,253}")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class WebhookAddressRefused(Refusal):
    status = 422
    ru = "Адрес не подходит: нужен https:// на порту 443 или 8443, без имени и пароля, вне внутренних сетей"
    en = "The address is not allowed: it must be https:// on port 443 or 8443, without a name and password, and public"


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a webhook's address that a connection needs."""

    tls: bool
    host: str
    port: int
    path: str


def checked_url(url: str, *, loopback: bool) -> str:
    """The address as it is kept, its name in ASCII; refused where it leads inside. What the
    name stands for is looked at again whenever a connection is made."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except (ValueError, UnicodeError):
        raise WebhookAddressRefused.on("url") from None
    bracketed = f"[{host}]" if ":" in host else host
    kept = urlunsplit((parts.scheme, f"{bracketed}:{port}" if port else bracketed, parts.path or "/", parts.query, ""))
    clean = kept.isascii() and kept.isprintable() and " " not in kept
    if parts.username is not None or parts.password is not None or parts.fragment or not clean:
        raise WebhookAddressRefused.on("url")
    if not _HOST.fullmatch(host) or not _goes_out(parts.scheme, host, port, loopback=loopback):
        raise WebhookAddressRefused.on("url")
    return kept


def _goes_out(scheme: str, host: str, port: int | None, *, loopback: bool) -> bool:
    address = _literal(host)
    if loopback and (host == "localhost" or (address and address.is_loopback)):
        return scheme in ("http", "https")
    if address is not None and not allowed_address(address, loopback=False):
        return False
    return scheme == "https" and port in (None, *PORTS)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def allowed_address(address: Address, *, loopback: bool) -> bool:
    """Whether a connection may go there."""
    if loopback and address.is_loopback:
        return True
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    return address in GLOBAL_UNICAST and not any(address in tunnel for tunnel in TUNNELS)


def target_of(url: str) -> Target:
    """The parts of an address that was checked."""
    parts = urlsplit(url)
    tls = parts.scheme == "https"
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return Target(tls, parts.hostname or "", parts.port or (443 if tls else 80), path)
