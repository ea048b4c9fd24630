"""The one gate for HTTP: every request passes its rules on addresses, time, size and manners."""

from monitor.fetch.gate import Gate

__all__ = ["Gate"]
