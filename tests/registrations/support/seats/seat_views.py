"""What a page, a filter and the API promise of a seat, beside what the verb then does. For the state machine, and for
single cases.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import transaction

from events.models import Event, Session
from registrations.models import Registration
from registrations.querysets import annotate_admission, annotate_seats
from registrations.schemas.catalogue import SessionFacts
from registrations.services.attending import booking, swaps
from registrations.services.pages.standings import standings, with_a_seat
from registrations.services.refusals import UnableToRegister
from registrations.services.seats import waitlist

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from project.accounts.models import User
    from registrations.rules import Standing

RELATED = ("event", "venue", "round")


@contextmanager
def undone() -> Iterator[None]:
    """What happens in here has not happened afterwards."""
    block: Any = (
        transaction.atomic()
    )  # the stubs do not know the mark of a test case, within which verbs may begin theirs
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def shown(session: Session, person: User | None, now: datetime) -> Standing:
    """As the pages of one date read it, without the seats in the same statement."""
    found = Session.objects.select_related(*RELATED).filter(pk=session.pk)
    return standings(sessions=found, person=person, now=now)[0]


def listed(session: Session, person: User | None, now: datetime) -> Standing:
    """As the catalogue reads it."""
    found = annotate_seats(Session.objects.select_related(*RELATED).filter(pk=session.pk), now)
    return standings(sessions=annotate_admission(found, person, now), person=person, now=now)[0]


def differing_views(session: Session, person: User | None, now: datetime) -> Iterator[object]:
    """The readings of one moment that do not say the same to the same reader."""
    one, other = shown(session, person, now), listed(session, person, now)
    for name in ("seats_free", "is_full", "refusal", "can_take_now", "can_swap", "has_room_for_colleague"):
        if getattr(one, name) != getattr(other, name):
            yield name, getattr(one, name), getattr(other, name)
    counted: Any = annotate_seats(Session.objects.filter(pk=session.pk), now)
    if with_a_seat(counted, person, now).exists() == one.is_full:
        yield "free=1", one.is_full
    facts = SessionFacts.of(one, person) if person else None
    if facts and (facts.seats_left, facts.availability) != (one.shown_seats_left, one.availability):
        yield "api", facts


def broken_promises(session: Session, person: User, now: datetime) -> Iterator[object]:
    """What a page says to this reader now that the verb does not do, also while the scheduler is late; and, once it has
    acted, whatever differs in the other direction too.
    """
    said = shown(session, person, now)
    if _gives_a_seat(said) and _done(session, person, now) != "CONFIRMED":
        yield "late", said, _done(session, person, now)
    with undone():
        waitlist.settle(event=Event.objects.get(pk=session.event_id), now=now)
        yield from differing_views(session, person, now)
        said = shown(session, person, now)
        expected, done = _expected(said), _done(session, person, now)
        if expected and done != expected:
            yield expected, done, said
        with undone():
            if said.can_swap and not said.is_full and _swapped(session, person, now) != "CONFIRMED":
                yield "swap", said


def _gives_a_seat(row: Standing) -> bool:
    return row.can_take_now or (row.can_sign_up and not row.is_full and not row.asks_approval)


def _expected(row: Standing) -> str | None:
    """The status or the code that a click on the button of this page leads to; none where it is not for the page to
    say.
    """
    if row.can_take_now:
        return "CONFIRMED"
    if row.registration:
        return None if row.registration.is_offered else row.registration.status
    if row.refusal:
        return row.refusal
    if row.asks_approval:
        return "REQUESTED"
    return "WAITLISTED" if row.is_full else "CONFIRMED"


def _done(session: Session, person: User, now: datetime) -> str:
    with undone():
        try:
            return booking.sign_up(session_key=session.key, attendee=person, now=now).status
        except UnableToRegister as refusal:
            return refusal.code


def _swapped(session: Session, person: User, now: datetime) -> str:
    try:
        seat = Registration.objects.holding_a_seat().in_slot(session.slot).get(attendee=person, status="CONFIRMED")
        swaps.swap(registration_key=seat.key, session_key=session.key, attendee=person, now=now)
    except UnableToRegister as refusal:
        return refusal.code
    return Registration.objects.active().get(session=session, attendee=person).status
