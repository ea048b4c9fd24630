"""The operator's notification targets: chat rooms, push services and webhooks, by Apprise.

Targets come from the operator's settings only and hold secrets: the ledger knows them by a fingerprint, never by their
address, and no error repeats them.
"""

from __future__ import annotations

import email
import email.policy
import logging
from collections.abc import Sequence

from monitor.errors import SendError
from monitor.model import Message, target_address

BODY = 3000  # characters; most services cut far earlier


def notify(message: Message, targets: Sequence[str]) -> None:
    """Return when the target took the notice.

    Raises:
        SendError: it did not, or it is not among the settings any more.
    """
    target = next((one for one in targets if target_address(one) == message.recipient), None)
    if target is None:
        raise SendError("this notification target is no longer in the settings", permanent=True)
    try:
        import apprise
    except ImportError as error:
        raise SendError("notification targets need the extra: pip install 'policy-monitor[notify]'") from error
    service = apprise.Apprise(asset=apprise.AppriseAsset(app_id="policy-monitor", app_url=""))
    if not service.add(target):
        raise SendError("Apprise does not know this kind of notification target")
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its messages hold the target's address
    if not service.notify(title=message.subject, body=_text(message.raw), body_format=apprise.NotifyFormat.TEXT):
        raise SendError("the notification target did not take the notice")


def _text(raw: bytes) -> str:
    """The text part of a mail."""
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    part = parsed.get_body(("plain",))
    text = part.get_content() if part else ""
    return text if len(text) <= BODY else text[: BODY - 1] + "…"
