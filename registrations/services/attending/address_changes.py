"""Where we write to somebody: another address to sign in with, and a private one for discreet sessions
(specs/calendar.md 3.9, privacy.md 3).

Nothing else is sent to an address, and no calendar entry goes there, before its owner has opened the link in a mail to
it while signed in.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, ManyToOneRel, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from project.accounts.enums import AddressPurpose, Audience, AudienceSource
from project.accounts.models import PendingAddress, User
from project.accounts.rules import is_member
from project.batches import each_in_turn
from project.outbox.enums import MessageStatus, Trouble
from project.outbox.models import Message
from project.outbox.services.messages import draft, draft_to_address, enqueue
from registrations.enums import InviteState
from registrations.models import AccessLink, Invite, Registration
from registrations.services.calendar import invites, notifications
from registrations.services.lock import lock_event

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

LINK_LASTS = timedelta(hours=24)
MAX_PER_HOUR = 5  # the addresses may belong to other people
MAY_GO = (Message, PendingAddress, EmailAddress)  # what a request for a code, or for another address, leaves behind
REASONS: dict[str, _StrPromise] = {
    "same": _("We write to this address already."),
    "not-a-member": _(
        "Use an address of the university here. With any other you would be a guest, and lose what is for your group."
    ),
    "too-many": _("That is a lot of addresses in one hour. Please try again later."),
    "over": _("This link has expired. Ask for a new one on your preferences page."),
    "taken": _("Somebody signs in with this address already. If that is you, sign in with it instead."),
}


class UnableToUseAddress(Exception):
    """A refusal with a stable `code` and a text that may be shown; its field is always `address`."""

    field = "address"

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)

    @property
    def text(self) -> str:
        return str(REASONS[self.code])


def request_change(*, person: User, purpose: AddressPurpose, address: str, now: datetime) -> PendingAddress:
    """Mails a link to the address. Nothing changes until the link is opened.

    An address with which somebody else signs in gets the same answer, so that nobody learns who has an account; its
    owner gets a mail that says what happened. Raises `UnableToUseAddress`: `same`, `not-a-member`, `too-many`.
    """
    email = address.strip().lower()
    with transaction.atomic(durable=True):
        User.objects.select_for_update(no_key=True).get(pk=person.pk)  # so that the limit counts simultaneous requests
        _refuse_address(person, purpose, email, now)
        pending = PendingAddress.objects.create(person=person, purpose=purpose, address=email, asked_at=now)
        enqueue([_question(pending, now)])
    return pending


def pending_address(*, key: str, person: User, now: datetime) -> PendingAddress:
    """Returns what a link asks about. Raises `UnableToUseAddress("over")`, also for somebody else's link."""
    current = PendingAddress.objects.filter(asked_at__gt=now - LINK_LASTS)
    found = current.filter(key=key, person=person).first()
    if found is None:
        raise UnableToUseAddress("over")
    return found


def confirm(*, key: str, person: User, now: datetime) -> PendingAddress:
    """Makes the address that the link was sent to the one we write to. All other links for this purpose end.

    If it is the address to sign in with, the calendar entries move along, event by event, and anybody signed in as this
    person elsewhere has to sign in again. Raises `UnableToUseAddress`: `over`, `taken`.
    """
    with transaction.atomic(durable=True):
        locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        pending = pending_address(key=key, person=locked, now=now)
        if pending.purpose == AddressPurpose.DISCREET:
            locked.private_email = pending.address
            locked.save(update_fields=["private_email"])
        else:
            _sign_in_with(locked, pending.address, now)
        locked.pending_addresses.filter(purpose=pending.purpose).delete()
        notifications.redirect(locked)
    move_entries(person_id=person.pk, now=now)
    return pending


def _refuse_address(person: User, purpose: AddressPurpose, email: str, now: datetime) -> None:
    present = person.email if purpose == AddressPurpose.ACCOUNT else person.private_email or person.email
    if email == present:
        raise UnableToUseAddress("same")
    if purpose == AddressPurpose.ACCOUNT and is_member(person.email) and not is_member(email):
        raise UnableToUseAddress("not-a-member")
    if person.pending_addresses.filter(asked_at__gt=now - timedelta(hours=1)).count() >= MAX_PER_HOUR:
        raise UnableToUseAddress("too-many")


def _question(pending: PendingAddress, now: datetime) -> Message:
    owner = None if pending.purpose == AddressPurpose.DISCREET else _account_in_use(pending.address)
    if owner:
        return draft(kind="address-taken", recipient=owner, subject_id=pending.key, facts={}, now=now)
    kind = "address-confirm" if pending.purpose == AddressPurpose.ACCOUNT else "private-address-confirm"
    return draft_to_address(
        kind=kind, address=pending.address, language=pending.person.language, subject_id=pending.key, now=now
    )


def _account_in_use(email: str) -> User | None:
    """Returns the account with this address, unless it is empty: trying to sign in with a new address creates an empty
    account, which must not stand in the way of the owner. An account that is deactivated, or to which any row refers,
    is not empty, apart from rows of the models in `MAY_GO`.
    """
    anything = Q(is_active=False)
    for relation in User._meta.get_fields(include_hidden=True):  # noqa: SLF001  # the documented access
        if isinstance(relation, ManyToOneRel) and relation.field.model not in MAY_GO:
            rows = relation.field.model._base_manager  # noqa: SLF001  # the documented access by class
            anything |= Q(Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))
    return User.objects.filter(anything, email=email).first()


def _sign_in_with(person: User, email: str, now: datetime) -> None:
    """Sets an unusable password, which ends every session that is signed in, so that nobody else stays signed in
    (Django's session hash is made from the password). Codes for the former address are not sent any more, and none
    opens the account (`project.accounts.adapters.CodeStage`).
    """
    if _account_in_use(email):
        raise UnableToUseAddress("taken")
    User.objects.filter(email=email).exclude(pk=person.pk).delete()
    old, had_bounced = person.email, person.bounced_at
    if person.audience == Audience.GUEST and person.audience_source == AudienceSource.CLAIM and is_member(email):
        person.audience = person.audience_source = ""  # a guest only because of the old address; they are asked again
    person.email, person.bounced_at, person.password = email, None, make_password(None)
    try:
        person.save(update_fields=["email", "bounced_at", "password", "audience", "audience_source"])
    except IntegrityError:  # somebody signed in with it at this very moment
        raise UnableToUseAddress("taken") from None
    _drop_codes(person)
    _take_links_along(old, email)
    told = [draft(kind="address-confirmed", recipient=person, subject_id=person.key, facts={}, now=now)]
    if not had_bounced:
        told.append(
            draft_to_address(
                kind="address-changed", address=old, language=person.language, subject_id=person.key, now=now
            )
        )
    enqueue(told)


def _drop_codes(person: User) -> None:
    codes = Message.objects.filter(recipient=person, kind="sign-in-code").unsent()
    codes.update(status=MessageStatus.DROPPED, last_error=Trouble.OUT_OF_DATE, facts={}, raw=b"")


def _take_links_along(old: str, new: str) -> None:
    """Moves the personal links along, because these admit an address (product W5)."""
    there = AccessLink.objects.filter(session=OuterRef("session"), address=new)
    AccessLink.objects.filter(~Exists(there), address=old).update(address=new)


def names_of(person: User) -> set[str]:
    """Returns all addresses by which a person is known, because calendar programs may answer from another one than was
    invited (specs/calendar.md 5.1): the current ones, former ones, and aliases of the account. Leaves out addresses
    with which somebody else signs in by now.
    """
    names = {person.email, person.private_email}
    names.update(EmailAddress.objects.filter(user=person).values_list("email", flat=True))
    for rows in (Invite.objects.filter(attendee=person), Message.objects.filter(recipient=person)):
        names.update(rows.values_list("address", flat=True).distinct())
    mine = {name.lower() for name in names if name}
    return mine - set(User.objects.filter(email__in=mine).exclude(pk=person.pk).values_list("email", flat=True))


def forget_unconfirmed(*, now: datetime) -> None:
    """Deletes links that have expired, because the address may belong to somebody who has never heard of us."""
    PendingAddress.objects.filter(asked_at__lte=now - LINK_LASTS).delete()


def people_to_move(now: datetime) -> list[int]:
    """Returns the people some of whose calendar entries are still at a former address, because the move was
    interrupted.
    """
    return sorted(set(_astray(now).values_list("attendee", flat=True)))


def move_entries(*, person_id: int, now: datetime) -> int:
    """Moves the calendar entries of a person to their current address, in one transaction per event (specs/calendar.md
    3.9). Returns how many events failed; the scheduler tries those again.

    Safe to run twice, even at the same time: under the lock, entries that are where they should be are left alone.
    Nothing is sent about a session that is over, and an entry that was declined stays until it is decided what becomes
    of the seat.
    """
    events = _astray(now).filter(attendee=person_id).values_list("registration__session__event", flat=True)
    move = partial(_move_entries_of, person_id=person_id, now=now)
    return each_in_turn(sorted(set(events)), move, name="move_entries_of")


def _move_entries_of(event_id: int, *, person_id: int, now: datetime) -> None:
    with transaction.atomic(durable=True):
        event = lock_event(pk=event_id)
        here = _astray(now).filter(attendee=person_id, registration__session__event=event)
        old = {invite.registration_id: invite.address for invite in here if invite.registration_id}
        wanted = Registration.objects.filter(pk__in=old.keys())
        seats = list(wanted.select_related("attendee", "session__venue").order_by("pk"))
        for seat in seats:
            seat.session.event = event
        invites.readdress(seats, unreachable=_unreachable(person_id, set(old.values())), now=now)


def _astray(now: datetime) -> QuerySet[Invite]:
    coming = Q(state=InviteState.ACTIVE, release_at__isnull=True, registration__session__ends_at__gt=now)
    return Invite.objects.filter(coming).exclude(address=F("attendee__email"))


def _unreachable(person_id: int, addresses: set[str]) -> set[str]:
    """Returns those of the old addresses from which a mail bounced."""
    came_back = Message.objects.filter(recipient=person_id, address__in=addresses, bounced_at__isnull=False)
    return set(came_back.values_list("address", flat=True))
