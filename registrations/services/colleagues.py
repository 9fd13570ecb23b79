from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from project.accounts.services import people
from registrations.enums import ACTIVE, Action, Source, Status
from registrations.models import Registration
from registrations.rules import COLLEAGUE_ANSWERS_WITHIN, COLLEAGUE_LAST_CALL, COLLEAGUES_AT_ONCE, why_closed
from registrations.services import history, news, waitlist
from registrations.services.lock import lock_session
from registrations.services.refusals import UnableToRegister

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from events.models import Session
    from project.accounts.models import User
    from registrations.querysets import RegistrationQuerySet


def invite(*, session_key: UUID, address: str, inviter: User, now: datetime) -> None:
    """Asks a colleague along: a seat is held for 24 hours, and the colleague must say yes (product S4).

    Answers the same whether or not the colleague has a claim already, so that nobody learns who comes; then nothing is sent, and neither to
    who was asked by the same person before: a no is a no. A person made for this is deleted if they never answer. Raises `UnableToRegister`:
    `no-seat-yourself`, `discreet`, `organisers-choose` (unlisted, or with approval), `someone-waits`, `too-late` (28 hours before the start
    or the closing), `too-many` (3 open), `full`, and what closes a session for everybody.
    """
    with transaction.atomic(durable=True):
        session = lock_session(session_key)
        ledger = waitlist.settle(event=session.event, now=now)
        _refuse(session, inviter, now)
        if ledger[session].waiting:
            raise UnableToRegister("someone-waits")
        if not ledger[session].free(is_member=False):
            raise UnableToRegister("full")
        colleague = people.admit(address=address, language=inviter.language, now=now)
        mine = Registration.objects.of(colleague).in_slot(session.slot)
        if not mine.filter(Q(status__in=ACTIVE) | Q(session=session, invited_by=inviter)).exists():
            _offer(session, colleague, inviter, now)


def open_invitations(*, inviter: User, now: datetime) -> int:
    """How many colleagues have not answered yet."""
    return _open(inviter, now).count()


def _refuse(session: Session, inviter: User, now: datetime) -> None:
    closed = why_closed(session, now)
    if closed:
        raise UnableToRegister(closed)
    if session.event.is_discreet:
        raise UnableToRegister("discreet")
    if session.is_unlisted or session.event.needs_approval:
        raise UnableToRegister("organisers-choose")
    if not Registration.objects.holding_a_seat().of(inviter).filter(session=session, status=Status.CONFIRMED).exists():
        raise UnableToRegister("no-seat-yourself")
    if session.last_moment - now <= COLLEAGUE_LAST_CALL:
        raise UnableToRegister("too-late")
    if open_invitations(inviter=inviter, now=now) >= COLLEAGUES_AT_ONCE:
        raise UnableToRegister("too-many")


def _open(inviter: User, now: datetime) -> RegistrationQuerySet:
    return Registration.objects.filter(invited_by=inviter, status=Status.OFFERED, offer_expires_at__gt=now)


def _offer(session: Session, colleague: User, inviter: User, now: datetime) -> None:
    registration = Registration.objects.create(
        session=session,
        attendee=colleague,
        slot=session.slot,
        status=Status.OFFERED,
        source=Source.COLLEAGUE,
        created_at=now,
        offer_expires_at=now + COLLEAGUE_ANSWERS_WITHIN,
        invited_by=inviter,
    )
    history.record([registration], action=Action.OFFERED, actor=inviter, now=now)
    facts = {"inviter": inviter.name, "until": (now + COLLEAGUE_ANSWERS_WITHIN).isoformat()}
    news.tell([(registration, None)], kind="colleague-invited", facts_of={registration.pk: facts}, now=now)
