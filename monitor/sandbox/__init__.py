"""Where hostile bytes are read: child processes under limits, one task at a time (implements the port ``Sandbox``)."""

from monitor.sandbox.pool import SandboxPool

__all__ = ["SandboxPool"]
