"""Renders the mails of an event for a made-up person, so that an organiser can read them before they are sent. Nothing
is stored.
"""

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
from registrations.emails.context import MailContext
from registrations.emails.kinds import EDITABLE
from registrations.emails.kinds.announcements import access_letter, dates_letter, dates_to_come
from registrations.emails.kinds.hosting import HostMail, hosting_letter
from registrations.emails.kinds.replies import ReplyMail, reply_letter
from registrations.emails.kinds.seats.summary import summary_letter
from registrations.emails.mail_kind import EditableKind, SeatMail
from registrations.emails.registration import letter_of
from registrations.emails.wording.custom_texts import DRAFT
from registrations.enums import Answer, Status
from registrations.models import AccessLink, Registration
from registrations.services.attending.declines import GRACE
from registrations.services.calendar import notifications

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from events.models import Event
    from project.outbox.emails import Letter
    from registrations.models import CustomText
    from registrations.querysets import PlacedRegistration

EXAMPLE_KEY = uuid.UUID(int=0)  # nobody's claim: links in an example lead nowhere
EXAMPLE_PLACE = 3


@dataclass(frozen=True)
class Example(MailContext):
    """The person has no other seat, and waits only for this date."""

    @cached_property
    def queue_entries(self) -> list[PlacedRegistration]:
        entry = cast("PlacedRegistration", self.registration)
        entry.place = EXAMPLE_PLACE
        return [entry] if self.registration.is_waiting else []


def example_letter(session: Session, *, kind: str, language: str, draft: CustomText, now: datetime) -> Letter:
    """Returns the real mail about this date, with the texts of the draft, or ours where the draft is empty."""
    with override(language):
        person = example_person(language)
        claim = example_claim(session, person, EDITABLE[kind].example_status)
        claim.offer_expires_at = now + timedelta(days=1) if claim.is_offered else None
        message = Message(
            kind=kind,
            recipient=person,
            address=person.email,
            language=language,
            subject_id=EXAMPLE_KEY,
            facts=_facts(session, kind, now) | {DRAFT: draft},
        )
        return _composer_of(EDITABLE[kind])(Example(cast("SeatMail", EDITABLE[kind]), message, claim, now))


def example_session(event: Event, now: datetime) -> Session:
    """Returns the next date, or else the newest; for an event without dates, a made-up one."""
    dates = Session.objects.filter(event=event).select_related("venue", "round").order_by("starts_at", "pk")
    session = dates.filter(starts_at__gt=now).first() or dates.last() or _imagined(event, now)
    session.event = event
    return session


def example_claim(session: Session, person: User, status: Status) -> Registration:
    return Registration(pk=0, key=EXAMPLE_KEY, session=session, attendee=person, slot=session.slot, status=status)


def example_person(language: str) -> User:
    return User(pk=0, key=EXAMPLE_KEY, name=_("Robin Example"), email="robin@example.org", language=language)


def _facts(session: Session, kind: str, now: datetime) -> dict[str, Any]:
    facts = notifications.facts_about(session) | {
        "release_at": (now + GRACE).isoformat(),
        "answer": Answer.ACCEPTED,
        "has_invitations": True,
    }
    mail = EDITABLE[kind]
    if mail.example_status == Status.CONFIRMED or getattr(mail, "takes_out_of_calendar", False):
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
    return hosting_letter(cast("HostMail", example.kind), example.message, example.session)


def _composer_of(kind: EditableKind) -> Callable[[Example], Letter]:
    if isinstance(kind, ReplyMail):
        return reply_letter
    if isinstance(kind, SeatMail):
        return letter_of
    return _to_a_host if isinstance(kind, HostMail) else COMPOSERS[kind.name]


COMPOSERS: dict[str, Callable[[Example], Letter]] = {
    "seats-confirmed": _summary,
    "dates-announced": _announcement,
    "access-granted": _personal_link,
}
EDITABLE_KINDS = tuple(EDITABLE)


def _imagined(event: Event, now: datetime) -> Session:
    starts_at = (now + timedelta(days=30)).replace(hour=9, minute=0, second=0, microsecond=0)
    ends_at = starts_at + timedelta(hours=2)
    return Session(pk=0, event=event, slot=EXAMPLE_KEY, starts_at=starts_at, ends_at=ends_at, capacity=1)
