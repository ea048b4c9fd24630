"""An SMTP server: encrypted, logged in, one message and one recipient at a time, never longer than a deadline."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator

from monitor.errors import SendError
from monitor.model import Message, Settings
from monitor.ports import Clock

USER, PASSWORD = "POLICY_MONITOR_SMTP_USER", "POLICY_MONITOR_SMTP_PASSWORD"
STEP_SECONDS = 30.0  # for each answer
TOTAL_SECONDS = 120.0  # for a connection or a message: a server that sends a byte now and then must not hold us
PER_CONNECTION = 100  # many servers hang up after so many messages
# RCPT answers that say the recipient does not exist or never wants mail; 552 is a full mailbox, 554 and 550 5.7 policy
NO_SUCH_RECIPIENT = {550, 551, 553}


class SmtpSender:
    """One connection, kept for as many messages as the server likes."""

    def __init__(
        self, settings: Settings, *, clock: Clock, step: float = STEP_SECONDS, total: float = TOTAL_SECONDS
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._step, self._total = step, total
        self._connection: smtplib.SMTP | None = None
        self._sent = 0

    def send(self, message: Message) -> None:
        """Return when the server took the message over. Raises SendError."""
        used = self._connection is not None
        try:
            self._attempt(message)
        except _GoneError as gone:
            self._drop()
            if not used or gone.handing_over:
                raise SendError(str(gone), server=True) from gone
            self._again(message)  # the server had hung up between two messages

    def close(self) -> None:
        """Say goodbye, if there is anybody to say it to."""
        if self._connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError), self._deadline(self._connection, 5.0):
                self._connection.quit()
        self._drop()

    def _again(self, message: Message) -> None:
        try:
            self._attempt(message)
        except _GoneError as gone:
            self._drop()
            raise SendError(str(gone), server=True) from gone

    def _attempt(self, message: Message) -> None:
        if self._sent >= PER_CONNECTION:
            self.close()
        connection = self._connection or self._connect()
        with self._deadline(connection, self._total):
            self._hand_over(connection, message)
        self._sent += 1

    def _hand_over(self, connection: smtplib.SMTP, message: Message) -> None:
        """MAIL, RCPT, DATA by hand: ``sendmail`` hides which was refused, and parses addresses that must not change."""
        stage = "MAIL"
        try:
            options = ""
            if not message.recipient.isascii():
                if not connection.has_extn("smtputf8"):
                    raise SendError("the mail server cannot send to international addresses", permanent=True)
                options = " BODY=8BITMIME SMTPUTF8"
                connection.command_encoding = "utf-8"
            code, text = connection.docmd("MAIL", f"FROM:<{message.return_path}>{options}")
            self._expect(connection, code, text, stage)
            stage = "RCPT"
            code, text = connection.docmd("RCPT", f"TO:<{message.recipient}>")
            self._expect(connection, code, text, stage)
            stage = "DATA"
            code, text = connection.data(message.raw)
            self._expect(connection, code, text, stage)
        except smtplib.SMTPDataError as error:  # refused before the message was sent
            self._expect(connection, error.smtp_code, error.smtp_error, "DATA")
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise _GoneError(f"{stage}: {_words(error)}", handing_over=stage == "DATA") from error
        finally:
            connection.command_encoding = "ascii"

    def _expect(self, connection: smtplib.SMTP, code: int, text: bytes | str, stage: str) -> None:
        """Nothing when the answer is yes.

        Raises:
            SendError: it is no, for this message.
            _GoneError: it is no, for all.
        """
        if code in {250, 251}:
            return
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        reason = f"{stage}: {code} {' '.join(said.split())[:300]}"
        if code == 421 or not 400 <= code <= 599:  # goodbye, or no answer at all: half a line, garbage
            raise _GoneError(reason)
        try:
            connection.rset()
        except (smtplib.SMTPException, OSError) as error:  # it hung up in the middle of its answer: believe none of it
            raise _GoneError(reason) from error
        gone_for_good = stage == "RCPT" and code in NO_SUCH_RECIPIENT and not said.lstrip().startswith("5.7")
        if stage == "MAIL":  # our sender is refused: so it will be with every message
            raise SendError(reason, server=True)
        raise SendError(reason, permanent=gone_for_good)

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        user, password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
        if user and settings.smtp_security == "none" and not _local(settings.smtp_host):
            raise SendError("will not send a password over a line that is not encrypted", server=True)
        try:
            connection = self._open()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise SendError(f"{settings.smtp_host}:{settings.smtp_port}: {_words(error)}", server=True) from error
        try:
            with self._deadline(connection, self._total):
                connection.ehlo_or_helo_if_needed()
                if settings.smtp_security == "starttls":
                    connection.starttls(context=self._context())  # raises when it is not offered: never in the clear
                    connection.ehlo_or_helo_if_needed()
                if user:
                    connection.login(user, password)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            connection.close()
            raise SendError(f"{settings.smtp_host}:{settings.smtp_port}: {_words(error)}", server=True) from error
        self._connection, self._sent = connection, 0
        return connection

    def _open(self) -> smtplib.SMTP:
        host, port, step = self._settings.smtp_host, self._settings.smtp_port, self._step
        name = self._settings.mail_from.rpartition("@")[2] or None  # our greeting must not tell this machine's name
        connection: smtplib.SMTP
        if self._settings.smtp_security == "tls":
            connection = smtplib.SMTP_SSL(local_hostname=name, timeout=step, context=self._context())
        else:
            connection = smtplib.SMTP(local_hostname=name, timeout=step)
        # the name that the certificate must have; only the constructor sets it, but it would connect without a deadline
        connection._host = host  # type: ignore[attr-defined]  # noqa: SLF001 - see above
        with self._deadline(connection, self._total):
            code, text = connection.connect(host, port)
        if code != 220:
            connection.close()
            raise smtplib.SMTPConnectError(code, text)
        return connection

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._settings.certificate_file:
            context.load_verify_locations(self._settings.certificate_file)
        return context

    @contextlib.contextmanager
    def _deadline(self, connection: smtplib.SMTP, seconds: float) -> Iterator[None]:
        """Break the connection when the time is up; what waits on it then fails."""

        def end() -> None:
            sock: socket.socket | None = connection.sock
            if sock is not None:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's goodbye, which could wait too

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _drop(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
        self._connection = None


class _GoneError(Exception):
    """The connection is of no use any more. ``handing_over``: the message may have been taken."""

    def __init__(self, reason: str, *, handing_over: bool = False) -> None:
        super().__init__(reason)
        self.handing_over = handing_over


def _words(error: Exception) -> str:
    """An error in a few words, without secrets: a login's answer, never its question."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the login was refused ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return f"{error.smtp_code} {' '.join(said.split())[:300]}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not good: {error.verify_message}"
    return " ".join(str(error).split())[:300] or type(error).__name__


def _local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
