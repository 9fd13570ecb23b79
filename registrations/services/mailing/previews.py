"""The mails of an event to somebody who does not exist, so that an organiser can read them before they are sent. Nothing of it is stored."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models import Session
from project.accounts.models import User
from project.outbox.models import Message
from registrations.emails import hosting, replies, words
from registrations.emails.announcements import access_letter, dates_letter, dates_to_come
from registrations.emails.case import ENDINGS, GIVEN_UP, Case
from registrations.emails.registration import letter_of
from registrations.emails.summary import summary_letter
from registrations.emails.wording import DRAFT
from registrations.enums import Answer, Status
from registrations.models import AccessLink, Registration
from registrations.services.attending.declines import GRACE
from registrations.services.calendar import notifications

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from events.models import Event
    from project.outbox.emails import Letter
    from registrations.models import Wording
    from registrations.querysets import PlacedRegistration

EXAMPLE_STATUS = {
    "registration-waitlisted": Status.WAITLISTED,
    "seat-open": Status.WAITLISTED,
    "registration-requested": Status.REQUESTED,
    "registration-offered": Status.OFFERED,
    "colleague-invited": Status.OFFERED,
}
EXAMPLE_KEY = uuid.UUID(int=0)  # nobody's claim: links in an example lead nowhere
EXAMPLE_PLACE = 3
ABOUT_AN_ADDRESS = ("appointment-left", "appointment-here")  # the same whatever the event


@dataclass(frozen=True)
class Example(Case):
    """The person holds no other seat, and waits for this date alone."""

    @cached_property
    def wishes(self) -> list[PlacedRegistration]:
        wish = cast("PlacedRegistration", self.registration)
        wish.place = EXAMPLE_PLACE
        return [wish] if self.registration.is_waiting else []


def example_letter(session: Session, *, kind: str, language: str, draft: Wording, now: datetime) -> Letter:
    """The real mail about this date, with the words of the draft; where it is empty, with those of the house."""
    with override(language):
        person = example_person(language)
        claim = example_claim(session, person, _status(kind))
        claim.offer_expires_at = now + timedelta(days=1) if claim.is_offered else None
        message = Message(
            kind=kind,
            recipient=person,
            address=person.email,
            language=language,
            subject_id=EXAMPLE_KEY,
            facts=_facts(session, kind, now) | {DRAFT: draft},
        )
        return LETTERS[kind](Example(message, claim, now))


def example_session(event: Event, now: datetime) -> Session:
    """The next date, else the newest; of an event without dates one that will never be."""
    dates = Session.objects.filter(event=event).select_related("venue", "round").order_by("starts_at", "pk")
    session = dates.filter(starts_at__gt=now).first() or dates.last() or _imagined(event, now)
    session.event = event
    return session


def example_claim(session: Session, person: User, status: Status) -> Registration:
    return Registration(pk=0, key=EXAMPLE_KEY, session=session, attendee=person, slot=session.slot, status=status)


def example_person(language: str) -> User:
    return User(pk=0, key=EXAMPLE_KEY, name=_("Robin Example"), email="robin@example.org", language=language)


def _status(kind: str) -> Status:
    return EXAMPLE_STATUS.get(kind, Status.CANCELLED if kind in ENDINGS else Status.CONFIRMED)


def _facts(session: Session, kind: str, now: datetime) -> dict[str, Any]:
    facts = notifications.facts_about(session) | {
        "release_at": (now + GRACE).isoformat(),
        "answer": Answer.ACCEPTED,
        "has_invitations": True,
    }
    if _status(kind) == Status.CONFIRMED or kind in GIVEN_UP:
        facts["invite"] = {
            "uid": str(uuid.uuid4()),
            "sequence": 0,
            "stamped_at": now.isoformat(),
            "partstat": "NEEDS-ACTION",
        }
    if kind in CHANGES:
        facts |= {"was": facts | CHANGES[kind](session), "change": "session-moved"}
    return facts


def _earlier(session: Session) -> dict[str, Any]:
    day = timedelta(days=1)
    return {"starts_at": (session.starts_at - day).isoformat(), "ends_at": (session.ends_at - day).isoformat()}


def _elsewhere(session: Session) -> dict[str, Any]:
    return {"place": _("another room"), "address": ""}


def _by_another_link(session: Session) -> dict[str, Any]:
    return {"join_url": "https://example.org/"}


CHANGES: dict[str, Callable[[Session], dict[str, Any]]] = {
    "session-moved": _earlier,
    "registration-swapped": _earlier,
    "session-relocated": _elsewhere,
    "link-changed": _by_another_link,
    "host-changed": _earlier,
}


def _summary(example: Example) -> Letter:
    person, status = example.registration.attendee, example.registration.status
    seats = [example_claim(session, person, Status(status)) for session in _dates(example)]
    return summary_letter(example.message, example.event, seats)


def _announcement(example: Example) -> Letter:
    return dates_letter(example.message, example.event, _dates(example))


def _dates(example: Example) -> list[Session]:
    return dates_to_come(example.event, example.now) or [example.session]


def _personal_link(example: Example) -> Letter:
    session, address = example.session, example.message.address
    link = AccessLink(key=EXAMPLE_KEY, session=session, address=address, expires_at=session.starts_at)
    return access_letter(example.message, link)


def _to_a_host(example: Example) -> Letter:
    return hosting.hosting_letter(example.message, example.session)


# Every mail that can have own words, and who composes it.
LETTERS: dict[str, Callable[[Example], Letter]] = {
    **{kind: letter_of for kind in words.WORDS if kind not in ABOUT_AN_ADDRESS},
    "seats-confirmed": _summary,
    "dates-announced": _announcement,
    "access-granted": _personal_link,
    **dict.fromkeys(replies.WORDS, replies.reply_letter),
    **dict.fromkeys(hosting.KINDS, _to_a_host),
}
EDITABLE_KINDS = tuple(LETTERS)


def _imagined(event: Event, now: datetime) -> Session:
    starts_at = (now + timedelta(days=30)).replace(hour=9, minute=0, second=0, microsecond=0)
    ends_at = starts_at + timedelta(hours=2)
    return Session(pk=0, event=event, slot=EXAMPLE_KEY, starts_at=starts_at, ends_at=ends_at, capacity=1)
