from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.crypto import salted_hmac

from project.accounts.models import STAND_IN_DOMAIN, User
from project.accounts.services import people
from project.outbox.models import Message
from project.outbox.services.messages import supersede
from registrations.enums import ACTIVE, Action, CancelledBy, Source, Status
from registrations.models import Registration
from registrations.rules import COLLEAGUE_LAST_CALL, COLLEAGUES_AT_ONCE, colleague_answers_by, why_closed
from registrations.services.calendar import notifications
from registrations.services.lock import lock_session
from registrations.services.refusals import UnableToRegister, refuse_unless_active
from registrations.services.seats import claims, waitlist

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from events.models import Session
    from registrations.querysets import RegistrationQuerySet

INVITED, NOTHING_TO_ANSWER = "colleague-invited", "colleague-comes-already"
WITHDRAWN = "invitation-withdrawn"
COUNTS_AFTER_WITHDRAWAL = timedelta(days=1)


def invite(*, session_key: UUID, address: str, inviter: User, now: datetime) -> datetime:
    """Invites a colleague: a seat is held for 24 working hours, and the colleague must say yes (product S4). Returns
    until when they may answer.

    Nothing that the inviter or a visitor can see depends on whom they invited. If the colleague has a claim in the
    slot, has a deactivated account, or was invited by the same person before, a stand-in occupies the seat for as long
    as an invitation without an answer would. The colleague then gets a mail saying that there is nothing to answer, or
    none. Repeating an open invitation changes nothing. An account created for the invitation is deleted if they never
    answer. Raises `UnableToRegister`: `yourself`, `no-seat-yourself`, `discreet`, `organisers-choose` (unlisted, or
    with approval), `someone-waits`, `too-late` (28 hours before the start or the closing), `too-many` (3 open, those
    withdrawn in the last day included), `full`, and whatever closes a session for everybody.
    """
    refuse_unless_active(inviter)
    email = address.strip().lower()
    if email in {inviter.email.lower(), inviter.private_email.lower()}:
        raise UnableToRegister("yourself")
    with transaction.atomic(durable=True):
        session = lock_session(session_key)
        event_seats = waitlist.settle(event=session.event, now=now)
        _refuse_to_ask_along(session, inviter, now)
        if event_seats[session].waiting:
            raise UnableToRegister("someone-waits")
        if not event_seats[session].free(is_member=False):
            raise UnableToRegister("full")
        return _ask_along(email, session, inviter, now)


def withdraw(*, registration_key: UUID, inviter: User, now: datetime) -> None:
    """Withdraws an invitation that nobody has answered; its seat goes to people who wait. Idempotent.

    The colleague is told, unless the mail with the invitation has not been sent yet. It takes the same statements
    whoever was invited. People who are not known otherwise are deleted a day later (`forget_withdrawn`). Raises
    `UnableToRegister("invitation-over")` if it was answered or has expired.
    """
    with transaction.atomic(durable=True):
        registration = waitlist.settled(registration_key=registration_key, now=now)
        if registration.log.filter(action=Action.WITHDRAWN).exists():
            return
        if not registration.is_offered or registration.invited_by_id != inviter.pk:
            raise UnableToRegister("invitation-over")
        claims.end([registration], now, by=CancelledBy.HOUSE)
        claims.record([registration], action=Action.WITHDRAWN, actor=inviter, now=now)
        if not supersede(kinds=[INVITED], subjects=[registration.key]):
            facts = {registration.pk: {"inviter": inviter.name}}
            notifications.tell([(registration, None)], kind=WITHDRAWN, facts_of=facts, now=now)
        waitlist.fill(event=registration.session.event, now=now)


def forget_withdrawn(*, now: datetime) -> None:
    """Deletes people who were only ever invited, by invitations withdrawn a day ago or earlier. Idempotent."""
    gone = Registration.objects.filter(log__action=Action.WITHDRAWN, cancelled_at__lte=now - COUNTS_AFTER_WITHDRAWAL)
    waitlist.forget_strangers(list(gone.filter(attendee__last_login__isnull=True, attendee__name="")))


def open_invitations(*, inviter: User, now: datetime) -> RegistrationQuerySet:
    """Returns the invitations of this person that have not been answered yet, the first deadline first."""
    invitations = Registration.objects.filter(invited_by=inviter, status=Status.OFFERED, offer_expires_at__gt=now)
    return invitations.select_related("session__event", "session__venue").order_by("offer_expires_at", "pk")


def may_invite_more(*, inviter: User, now: datetime) -> bool:
    """Withdrawn ones count for another day, so that withdrawing gives no way to mail any number of people."""
    is_open = Q(status=Status.OFFERED, offer_expires_at__gt=now)
    was_withdrawn = Q(log__action=Action.WITHDRAWN, cancelled_at__gt=now - COUNTS_AFTER_WITHDRAWAL)
    counting = Registration.objects.filter(is_open | was_withdrawn, invited_by=inviter)
    return counting.values("pk").distinct().count() < COLLEAGUES_AT_ONCE


def _refuse_to_ask_along(session: Session, inviter: User, now: datetime) -> None:
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
    if not may_invite_more(inviter=inviter, now=now):
        raise UnableToRegister("too-many")


def _ask_along(email: str, session: Session, inviter: User, now: datetime) -> datetime:
    """Runs the same statements, and the same number of them, whoever is invited."""
    until = colleague_answers_by(session, now) or now  # `too-late` has been refused
    stand_in = _stand_in_for(email, session, inviter)
    known = User.objects.filter(email=email).first()
    claims = list(_claims_of([email, stand_in], session, inviter))
    already = next((claim for claim in claims if claim.is_offered and claim.invited_by_id == inviter.pk), None)
    if already:
        return already.offer_expires_at or until
    is_free = not claims and (known is None or known.is_active)
    attendee = people.admit_alike(email=email if is_free else stand_in, language=inviter.language, now=now)
    registration = _offer(session, attendee, inviter, until=until, address=email, now=now)
    facts = {"inviter": inviter.name, "until": until.isoformat()}
    own = next((claim for claim in claims if not claim.is_cancelled and claim.attendee.is_active), None)
    if own and not own.is_told:  # type: ignore[attr-defined]  # annotated
        own.session = session  # the date that they are invited to
        notifications.tell([(own, None)], kind=NOTHING_TO_ANSWER, facts_of={own.pk: facts}, now=now)
    else:
        notifications.tell([(registration, None)], kind=INVITED, facts_of={registration.pk: facts}, now=now)
    return until


def _stand_in_for(email: str, session: Session, inviter: User) -> str:
    """Returns the same address for the same invitation, so that repeating it is noticed. It does not reveal who was
    invited.
    """
    asked = f"{inviter.key} {session.key} {email}"
    return f"{salted_hmac('stand-in', asked, algorithm='sha256').hexdigest()[:32]}@{STAND_IN_DOMAIN}"


def _claims_of(emails: Collection[str], session: Session, inviter: User) -> RegistrationQuerySet:
    """Returns the claims that keep somebody from being invited: a claim in the slot, or an earlier invitation by the
    same person, because a no stays a no. `is_told`: whether they have been told already that there is nothing to
    answer; one such mail per claim is enough, whoever invites them.
    """
    told = Message.objects.filter(subject_id=OuterRef("key"), kind=NOTHING_TO_ANSWER)
    claims = Registration.objects.filter(attendee__email__in=emails, slot=session.slot)
    counting = claims.filter(Q(status__in=ACTIVE, fills_slot=True) | Q(session=session, invited_by=inviter))
    return counting.annotate(is_told=Exists(told)).select_related("attendee", "session").order_by("pk")


def _offer(
    session: Session, colleague: User, inviter: User, *, until: datetime, address: str, now: datetime
) -> Registration:
    registration = Registration.objects.create(
        session=session,
        attendee=colleague,
        slot=session.slot,
        status=Status.OFFERED,
        source=Source.COLLEAGUE,
        created_at=now,
        offer_expires_at=until,
        invited_by=inviter,
        invited_address=address,
    )
    claims.record([registration], action=Action.OFFERED, actor=inviter, now=now)
    return registration
