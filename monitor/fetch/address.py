"""Which addresses may be connected to: public ones, and those the operator's settings allow.

``ipaddress.is_global`` alone is not enough: it calls multicast, NAT64 of 10.0.0.1, 6to4 of 127.0.0.1, ::7f00:1 and
3fff::1 global (measured on Python 3.11 and 3.12), so a list of our own stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from monitor.errors import Refused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# IANA's special-purpose registries, and what else is nobody's web server
_REFUSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host service, reachable from every guest
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
    )
)
_PUBLIC_V6 = IPv6Network("2000::/3")  # all that is given out; loopback, mapped, NAT64, ULA, link-local lie outside
_REFUSED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries any IPv4 address
        "2620:4f:8000::/48",
        "3fff::/20",  # documentation
    )
)


def allowed_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """The networks of the setting ``allow_networks``; host bits are ignored.

    Raises:
        ValueError: one is no network.
    """
    return tuple(ip_network(text, strict=False) for text in texts)


def refusal(address: Address, allowed: Sequence[Network]) -> str:
    """Why the address must not be connected to, "" when it may."""
    if any(address.version == network.version and address in network for network in allowed):
        return ""
    if isinstance(address, IPv4Address):
        public = not any(address in network for network in _REFUSED_V4)
    else:
        public = address in _PUBLIC_V6 and not any(address in network for network in _REFUSED_V6)
    return "" if public and address.is_global else f"{address} is not a public address"


def vet(url: str, host: str, answers: Sequence[str], allowed: Sequence[Network]) -> tuple[Address, ...]:
    """All addresses of a host, in order and each once, when every one of them may be connected to.

    One refused answer refuses the name: whoever mixes a private address in means us to reach it sooner or later.

    Raises:
        Refused: one may not (``address``).
    """
    addresses: dict[Address, None] = {}
    for answer in answers:
        try:
            address = ip_address(answer)
        except ValueError as error:  # scope ids ("fe80::1%eth0") and whatever else a resolver makes up
            raise Refused(url, "address", f"{host} resolves to {answer!r}, which is no plain address") from error
        if reason := refusal(address, allowed):
            named = "" if host == str(address) else f"{host} resolves to it; "
            refused = Refused(url, "address", f"{reason}; {named}nothing was sent")
            refused.remedy = "If it is meant, add its network to allow_networks in the settings"
            raise refused
        addresses[address] = None
    return tuple(addresses)
