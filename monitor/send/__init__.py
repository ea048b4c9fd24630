"""The ways a message leaves: an SMTP server, a maildir while there is none, and the operator's notification targets."""

from __future__ import annotations

from monitor.errors import SendError
from monitor.model import TARGET, Message, Settings
from monitor.ports import Clock, Sender
from monitor.send.keys import token_keys
from monitor.send.maildir import FolderSender

__all__ = ["destination", "open_sender", "token_keys"]


def open_sender(settings: Settings, *, clock: Clock) -> Sender:
    """What the settings name: the SMTP server, else the maildir; and the notification targets beside it."""
    return _Routes(_mail(settings, clock), settings)


def destination(settings: Settings) -> str:
    """Where mail goes, for people: "mail.example.org:587 (STARTTLS)" or the maildir's folder."""
    if not settings.smtp_host:
        return f"the maildir {settings.outbox}"
    security = {"starttls": "STARTTLS", "tls": "TLS", "none": "not encrypted"}[settings.smtp_security]
    return f"{settings.smtp_host}:{settings.smtp_port} ({security})"


def _mail(settings: Settings, clock: Clock) -> Sender:
    if not settings.smtp_host:
        return FolderSender(settings.outbox)
    from monitor.send.smtp import SmtpSender

    return SmtpSender(settings, clock=clock)


class _Routes:
    """Mail to addresses, notices to targets."""

    def __init__(self, mail: Sender, settings: Settings) -> None:
        self._mail = mail
        self._settings = settings

    def send(self, message: Message) -> None:
        """Hand over. Raises SendError."""
        if message.recipient.startswith(TARGET):
            from monitor.send.notify import notify

            notify(message, self._settings.notify)
        elif "@" in message.recipient:
            self._mail.send(message)
        else:
            raise SendError(f"no way to send to {message.recipient}", permanent=True)

    def close(self) -> None:
        """Leave the mail server."""
        self._mail.close()
