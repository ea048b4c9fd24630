"""Limits on how often somebody may ask, in memory that does not grow."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict

from monitor.ports import Clock

REMEMBERED = 20_000  # clients or addresses; beyond that the longest silent one is forgotten


class Limit:
    """At most ``most`` in any window of ``seconds``, for each name by itself."""

    def __init__(self, most: int, seconds: float, clock: Clock, *, remembered: int = REMEMBERED) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._remembered = remembered
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()  # name: when its window began, how many since
        self._guard = threading.Lock()

    def allows(self, name: str) -> bool:
        """Whether one more is within the limit; it is counted in any case."""
        now = self._clock.monotonic()
        with self._guard:
            began, count = self._seen.pop(name, (now, 0))
            if now - began >= self._seconds:
                began, count = now, 0
            self._seen[name] = (began, count + 1)
            while len(self._seen) > self._remembered:
                self._seen.popitem(last=False)
            return count < self._most

    def __len__(self) -> int:
        """How many names are remembered."""
        return len(self._seen)


def client_name(host: str) -> str:
    """Whose requests count together: an IPv4 address, or the /64 network that one IPv6 customer has."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)
