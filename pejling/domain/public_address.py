"""The address that pupils, parents and staff are sent to: what it may be.

It stands in QR codes, invitations and letters, and decides nothing else: which hosts
are answered is said by the settings of the server (docs/settings.md).
"""

import ipaddress
import re
from urllib.parse import urlsplit

LONGEST = 80
"""Characters: it is read aloud, and is part of a QR code."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_LOCAL_NAMES = ("localhost", ".localhost", ".local", ".internal", ".test")


def cleaned(typed: str) -> str:
    """A typed address in small letters, without spaces around and without a last "/".

    >>> cleaned(" HTTPS://Pejling.Example.DK/ ")
    'https://pejling.example.dk'
    """
    return typed.strip().lower().removesuffix("/")


def fault(address: str) -> str:
    """What is wrong with a cleaned address, in words; "" where nothing is.

    Without encryption only where no stranger can listen or answer: on the machine
    itself, or in a private network.
    """
    if not address:
        return "Skriv adressen, for eksempel https://pejling.kommune.dk."
    if len(address) > LONGEST:
        return f"Skriv højst {LONGEST} tegn."
    if not address.startswith(("https://", "http://")):
        return "Begynd med https://, for eksempel https://pejling.kommune.dk."
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return _NOT_A_HOST
    if "@" in parts.netloc:
        return "Skriv adressen uden brugernavn og adgangskode."
    if parts.path or parts.query or parts.fragment or "?" in address or "#" in address:
        return "Skriv kun værtsnavnet, uden noget efter det, og uden skråstreg."
    if not is_host(host) or port == 0 or parts.netloc.endswith(":"):
        return _NOT_A_HOST
    if parts.scheme == "http" and not is_local(host):
        return (
            "Begynd med https://. Uden kryptering kan andre på nettet læse med. Med "
            "http:// går det kun an på et lokalt net."
        )
    return ""


_NOT_A_HOST = (
    "Det er ikke et værtsnavn. Brug bogstaverne a–z, tal, bindestreg og punktum, som "
    "https://pejling.kommune.dk."
)


def is_host(host: str) -> bool:
    """Whether this names a machine: a name, or an address in numbers."""
    if _address(host):
        return True
    # Browsers read a name whose last part is a number as an address of its own kind.
    ends_in_number = host.rpartition(".")[2].isdigit()
    return bool(_NAME.fullmatch(host)) and not ends_in_number


def is_local(host: str) -> bool:
    """Whether it is this machine or one in a private network."""
    if found := _address(host):
        return found.is_loopback or found.is_link_local or _is_private(found)
    return host == "localhost" or host.endswith(_LOCAL_NAMES[1:])


_PRIVATE = tuple(
    ipaddress.ip_network(one)
    for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
"""RFC 1918 and 4193; ``is_private`` of the library holds documentation ranges too."""


def _is_private(found: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(found in one for one in _PRIVATE if one.version == found.version)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
