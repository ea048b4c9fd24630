"""Certificates for a TLS site on loopback, good and bad, from an authority made for the test."""

from __future__ import annotations

import ssl
import warnings
from datetime import datetime
from pathlib import Path

import trustme


class Authority:
    """A certificate authority that lives for one test; ``file`` is what a client that trusts it is given."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA()
        self.file = folder / "authority.pem"
        self._ca.cert_pem.write_to_path(str(self.file))

    def server(self, *names: str, until: datetime | None = None, since: datetime | None = None) -> ssl.SSLContext:
        """A server's context with a certificate for these names."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(*names, not_before=since, not_after=until).configure_cert(context)
        return context

    def self_signed(self, folder: Path) -> ssl.SSLContext:
        """A server that shows the authority's own certificate."""
        path = folder / "self.pem"
        self._ca.private_key_pem.write_to_path(str(path))
        self._ca.cert_pem.write_to_path(str(path), append=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def outdated(self, *names: str) -> ssl.SSLContext:
        """A server that speaks TLS 1.0 only."""
        context = self.server(*names)
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
        return context
