"""What the door does: answers for a sign-up, its confirmation, and the links that change or end a subscription.

Every change of state is a POST that carries a signed token; GET only ever shows the button for it, because mail
scanners open every link. There are no cookies, so there is no session that another site could ride on.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.alerts.compose import Composer
from monitor.alerts.tokens import Grant, Purpose, Tokens
from monitor.alerts.wishes import Offer, WishError, wish
from monitor.alerts.wording import wish as in_words
from monitor.model import Event, Settings, Subscription, Watchlist
from monitor.ports import Archive, Clock, Sender
from monitor.preview import past_events, preview
from monitor.report.wording import capital
from monitor.subscribe import house_of
from monitor.web import pages
from monitor.web.forms import Form, wish_fields
from monitor.web.limits import Limit
from monitor.web.signups import Signups

HOUR = 3600.0
SIGNUPS_AN_HOUR = 20  # posts of the sign-up form from one client
TOKENS_AN_HOUR = 600  # requests with a token from one client
EXAMPLES_AN_HOUR = 60
NOBODY = "somebody@example.org"  # stands in for the address in an example
SAMPLES_KEPT = 200
EVENTS_KEPT = 600.0  # seconds
GONE = "This link is not valid (any more)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a status and a page."""

    status: int
    page: bytes


class Door:
    """One installation's door. ``archive`` and ``sender`` stay the opener's to close."""

    def __init__(
        self,
        archive: Archive,
        sender: Sender,
        *,
        settings: Settings,
        keys: tuple[bytes, ...],
        watchlist: Watchlist,
        clock: Clock,
        labels: Sequence[str],
    ) -> None:
        self._archive = archive
        self._clock = clock
        self._watchlist = watchlist
        self._offer = Offer.of(watchlist, labels)
        self._choices = pages.Choices.of(watchlist)
        self._tokens = Tokens(keys)
        self._title = settings.site_title
        self.signups = Signups(archive, sender, Composer(house_of(settings), self._tokens), clock=clock)
        self._from_client = Limit(SIGNUPS_AN_HOUR, HOUR, clock)
        self._tokens_from_client = Limit(TOKENS_AN_HOUR, HOUR, clock)
        self._examples = Limit(EXAMPLES_AN_HOUR, HOUR, clock)
        self._reading = threading.Lock()
        self._events: tuple[Event, ...] = ()
        self._read_at = 0.0

    def form(self) -> Answer:
        """The empty sign-up."""
        return self._form({})

    def sign_up(self, form: Form, client: str) -> Answer:
        """Take a sign-up in, or show an example of what would have been sent; the same answer for every address."""
        do = form.get("do", ("subscribe",))[-1]
        if not self._tokens.is_form(_last(form, "form"), now=self._clock.now()):
            return self._form(form, (("page", "this page was open for too long; please send it again"),))
        if do == "example":
            return self._example(form, client)
        if not self._from_client.allows(client):
            return self._note(429, "Too many requests", ("Please try again in an hour.",), root="")
        try:
            wanted = self._wish(form, _last(form, "address").strip())
        except WishError as error:
            return self._form(form, _problems(error))
        self.signups.ask(wanted.address, [wanted] if do == "subscribe" else [])
        lines = (
            "If that address can get mail from us, a message is on its way to it. Open it and follow its link.",
            "Nothing came? Look among the unwanted mail. We write to an address once a day at most.",
        )
        return self._note(200, "Look into your mail", lines, root="")

    def show(self, purpose: Purpose, token: str, client: str) -> Answer:
        """The page behind a link: it says what the button will do."""
        found = self._granted(purpose, token, client)
        if isinstance(found, Answer):
            return found
        _, mine = found
        if purpose == "confirm":
            lines = ("You will then get:", *(f"{capital(in_words(one))}." for one in mine if one.ended_at is None))
            return self._note(200, "Do you want these messages?", lines, "Yes, send them", "confirm")
        if purpose == "unsubscribe":
            running = [one for one in mine if one.ended_at is None]
            if not running:
                return self._note(200, "You get no more of these", ("This subscription has ended already.",))
            return self._note(
                200, "End these messages?", [f"{capital(in_words(one))}." for one in running], "End them", "end"
            )
        return self._managed(mine[0].address)

    def confirm(self, token: str, client: str) -> Answer:
        """Confirm a sign-up, once."""
        found = self._granted("confirm", token, client)
        if isinstance(found, Answer):
            return found
        now = self._clock.now()
        fresh = [one for one in found[1] if one.id is not None and self._archive.confirm(one.id, at=now)]
        if not fresh:
            return self._note(410, "This link was used before", ("Nothing has changed by opening it again.",))
        return self._note(200, "Done", ("You will get:", *(f"{capital(in_words(one))}." for one in fresh)))

    def unsubscribe(self, token: str, client: str) -> Answer:
        """End the subscriptions of a message; doing it again changes nothing and is no error."""
        found = self._granted("unsubscribe", token, client)
        if isinstance(found, Answer):
            return found
        now = self._clock.now()
        for one in found[1]:
            if one.id is not None:
                self._archive.unsubscribe(one.id, at=now)
        return self._note(200, "You get no more of these", ("Your subscription has ended.",))

    def manage(self, token: str, form: Form, client: str) -> Answer:
        """Change or end what an address gets."""
        found = self._granted("manage", token, client)
        if isinstance(found, Answer):
            return found
        address, now = found[1][0].address, self._clock.now()
        mine = {str(one.id): one for one in self._running(address)}
        do, chosen = _last(form, "do"), mine.get(_last(form, "subscription"))
        if do == "erase":
            self._archive.erase(address)
            return self._note(
                200, "Your address is deleted", ("We keep nothing of you, and you get no more messages.",)
            )
        if do == "end-all":
            for one in mine.values():
                self._archive.unsubscribe(one.id or 0, at=now)
            return self._managed(address, "All your subscriptions have ended.")
        if chosen is None or do not in {"end", "change"}:
            return self._managed(address, "Nothing was changed.")
        if do == "end":
            self._archive.unsubscribe(chosen.id or 0, at=now)
            return self._managed(address, f"Subscription {chosen.id} has ended.")
        return self._change(chosen, form)

    def _change(self, chosen: Subscription, form: Form) -> Answer:
        """Change how often and how grave; what it is about stays."""
        known = ("every", "hour", "weekday", "zone", "severity", "direction", "empty_digest")
        fields = {name: form[name][-1].strip() for name in known if form.get(name)}
        try:
            wanted = wish({**fields, "address": chosen.address}, self._offer)
        except WishError as error:
            said = "; ".join(error.problems)
            return self._managed(chosen.address, f"Nothing was changed. {said}", status=422)
        self._archive.amend(replace(chosen, **{name: getattr(wanted, name) for name in known}))
        return self._managed(chosen.address, f"Subscription {chosen.id} is changed.")

    def _granted(self, purpose: Purpose, token: str, client: str) -> tuple[Grant, list[Subscription]] | Answer:
        """The subscriptions that a token is for; an answer instead when it allows nothing."""
        if not self._tokens_from_client.allows(client):
            return self._note(429, "Too many requests", ("Please try again in an hour.",))
        grant = self._tokens.read(purpose, token, now=self._clock.now())
        if grant is None:
            return self._note(404, GONE, ("Links end after a while. The newest message has one that works.",))
        found = [self._archive.subscription(number) for number in grant.subscriptions]
        mine = [one for one in found if one is not None and grant.covers(one.address)]
        if not mine:
            return self._note(404, GONE, ("What it stood for is not there any more.",))
        return grant, mine

    def _running(self, address: str) -> list[Subscription]:
        return [
            one
            for one in self._archive.subscriptions(address=address)
            if one.confirmed_at is not None and one.source != "settings"
        ]

    def _managed(self, address: str, said: str = "", *, status: int = 200) -> Answer:
        page = pages.manage(title=self._title, subscriptions=self._running(address), address=address, said=said)
        return Answer(status, page)

    def _example(self, form: Form, client: str) -> Answer:
        """What the ticked wishes would have brought; costs a little, so not too often."""
        try:
            wanted = self._wish(form, NOBODY)
        except WishError as error:
            return self._form(form, _problems(error))
        if not self._examples.allows(client):
            return self._note(429, "Too many requests", ("Please try again in an hour.",), root="")
        samples = preview(self._past(), (wanted,), now=self._clock.now())
        shown = [(f"{one.at:%Y-%m-%d}", one.subject) for one in samples[-SAMPLES_KEPT:]]
        return self._form(form, samples=shown)

    def _past(self) -> tuple[Event, ...]:
        """The events of the last year, read again after a while."""
        with self._reading:
            if not self._events or self._clock.monotonic() - self._read_at > EVENTS_KEPT:
                self._events = past_events(self._archive, self._watchlist, now=self._clock.now())
                self._read_at = self._clock.monotonic()
            return self._events

    def _wish(self, form: Form, address: str) -> Subscription:
        typed = _last(form, "vendor_ids").split()
        return wish(wish_fields({**form, "vendors": (*form.get("vendors", ()), *typed)}, address), self._offer)

    def _form(
        self,
        form: Form,
        problems: Sequence[tuple[str, str]] = (),
        samples: Sequence[tuple[str, str]] | None = None,
    ) -> Answer:
        token = self._tokens.form(now=self._clock.now())
        page = pages.sign_up(
            title=self._title, choices=self._choices, form=form, token=token, problems=problems, samples=samples
        )
        return Answer(422 if problems else 200, page)

    def _note(
        self, status: int, heading: str, lines: Sequence[str], button: str = "", value: str = "", *, root: str = "../"
    ) -> Answer:
        page = pages.note(title=self._title, root=root, heading=heading, lines=lines, button=button, button_value=value)
        return Answer(status, page)


def _last(form: Form, name: str) -> str:
    return form.get(name, ("",))[-1]


def _problems(error: WishError) -> list[tuple[str, str]]:
    return [(problem.partition(": ")[0], problem.partition(": ")[2]) for problem in error.problems]
