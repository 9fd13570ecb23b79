"""The calendar entries of seats, and the mails that carry them (specs/calendar.md 3). Always under the lock of the
event, so that a SEQUENCE is never used twice (R33).
"""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.conf import settings

from project.accounts.enums import CalendarPreference
from project.database.prepared import PreparedInsert
from project.outbox.services.messages import supersede
from registrations.enums import Answer, InviteState
from registrations.models import Invite
from registrations.rules.schedules import collected_until, may_wait
from registrations.services.calendar import notifications

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from events.models import Session
    from project.accounts.models import User
    from project.outbox.models import Message
    from registrations.models import Registration

NEEDS_ACTION = "NEEDS-ACTION"
NOBODY = UUID(int=0)
AT_ONCE = timedelta(hours=2)  # this close to the start, a change does not wait for the next one (3.5)
SENT_COLUMNS = ("sequence", "stamped_at", "sent_partstat")
WAITED_WITH = ("was", "asked_before", "sequence_before")  # what a change that waits records of the state before it
_insert = PreparedInsert(Invite)


def issue(
    registrations: Sequence[Registration],
    *,
    kind: str,
    now: datetime,
    more: Mapping[int, dict[str, Any]] | None = None,
) -> None:
    """Sends the first REQUEST, with a new UID and SEQUENCE 0 (specs/calendar.md 3.1). For discreet seats, the mail has
    no invitation.

    `more`: what the mail says besides time and place, by the registration's primary key.

    Called within `together`, so neither this nor anything below it may send an UPDATE or DELETE: signing up would fail.
    """
    invites = [_new(registration, now) for registration in registrations if not registration.session.event.is_discreet]
    _insert(invites)
    _announce(registrations, invites, kind=kind, more=more, now=now)


def revise(
    registrations: Sequence[Registration],
    *,
    was: dict[str, Any],
    now: datetime,
    offers: Mapping[int, dict[str, Any]] | None = None,
) -> list[Registration]:
    """Updates the same calendar entry: same UID, SEQUENCE + 1. Another time or room asks for an answer again, another
    link does not (R31).

    `was`: the state with which the mail compares. A change that is not sent yet is told together with this one, and no
    later because of it; a change that was reversed is not told at all (R34). A new link concerns only people with a
    seat.

    `offers`: what the change did to open offers (`promises.Renewed.facts`); that is told in the same mail, which then
    does not wait for an organiser. Returns the registrations of the people who are told.
    """
    found = {invite.registration_id: invite for invite in _active(registrations)}
    unsent = _take_back(registrations, found)
    told: dict[str, list[Registration]] = defaultdict(list)
    more: dict[int, dict[str, Any]] = {}
    due: dict[int, datetime] = {}
    for registration in registrations:
        earlier = unsent.get(registration.pk)
        known = earlier.facts["was"] if earlier else was
        kind = notifications.kind_of_change(known, registration.session)
        offer = _said_of_offer(earlier) | (offers or {}).get(registration.pk, {})
        more[registration.pk] = {"was": known, **offer}
        if invite := found.get(registration.pk):
            more[registration.pk] |= _follow(invite, registration, earlier, kind=kind, now=now)
        due[registration.pk] = _soon(now) if offer else due_at(registration.session, known, earlier, now)
        if kind and (kind != notifications.LINK_CHANGED or registration.is_confirmed):
            told[kind].append(registration)
    Invite.objects.bulk_update(found.values(), [*SENT_COLUMNS, "asked_sequence"])
    for kind, people in told.items():
        _announce(people, found.values(), kind=kind, more=more, due=due, now=now)
    return [registration for people in told.values() for registration in people]


def _said_of_offer(earlier: Message | None) -> dict[str, Any]:
    facts = earlier.facts if earlier else {}
    return {name: facts[name] for name in ("until", notifications.LOST_OFFER) if name in facts}


def waiting_due_at(registration: Registration, now: datetime) -> datetime:
    """Returns when people who only wait for a date are told what became of it: together with other dates, unless it
    starts soon.
    """
    return now if registration.session.starts_at - now <= AT_ONCE else _soon(now)


def _soon(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.MAIL_MERGE_SECONDS)


def withdraw(registrations: Sequence[Registration], *, kind: str, now: datetime) -> None:
    """Sends METHOD:CANCEL under the same UID with SEQUENCE + 1; the UID then never comes back (specs/calendar.md 3.7,
    3.8).

    People who never answered get it too. People who declined have removed the entry already and get only the mail,
    unless a REQUEST that repeated the no has restored it since. A change that was not told yet is told in this mail,
    which would otherwise seem to be about another date.
    """
    invites = _active(registrations)
    unsent = _take_back(registrations, {invite.registration_id: invite for invite in invites})
    was = {key: {"was": message.facts["was"]} for key, message in unsent.items()}
    for invite in invites:
        advance(invite, now)
        invite.state = InviteState.CANCELLED
        if answer_of(invite) == Answer.DECLINED and invite.sent_partstat != Answer.DECLINED:
            invite.state, invite.sent_partstat = InviteState.DECLINED, ""
        invite.release_at = None
    Invite.objects.bulk_update(invites, [*SENT_COLUMNS, "state", "release_at"])
    _announce(registrations, invites, kind=kind, more=was, now=now)


def drop(
    registrations: Sequence[Registration],
    *,
    kind: str,
    now: datetime,
    more: Mapping[int, dict[str, Any]] | None = None,
) -> None:
    """Ends the entries after a decline in the calendar: no CANCEL, because the program removed the entry itself, and
    nothing later for this UID (3.8).

    `more`: what the mail says besides time and place, by the registration's primary key.
    """
    _announce(registrations, _declined(registrations), kind=kind, more=more, now=now)


def renew(registrations: Sequence[Registration], *, kind: str, now: datetime) -> None:
    """For people who declined and come after all: sends a new UID, because calendars ignore one that was declined or
    cancelled (3.8).
    """
    _declined(registrations)
    issue(registrations, kind=kind, now=now)


def recall(invite: Invite, *, about: Registration, kind: str, more: dict[str, Any], now: datetime) -> None:
    """Sends CANCEL for an entry that was declined, given up, and then accepted after all: it would stay in the calendar
    (5.4.6). `more`: what the mail says besides or instead of what holds now.
    """
    advance(invite, now)
    invite.state, invite.sent_partstat = InviteState.CANCELLED, invite.answer
    invite.save(update_fields=[*SENT_COLUMNS, "state"])
    notifications.tell([(about, invite)], kind=kind, facts_of={about.pk: more}, now=now)


def repeat_as_told(registration: Registration, *, told: dict[str, Any], now: datetime) -> bool:
    """Sends the last REQUEST again while a change waits to be sent; the change follows it, no sooner than it would
    have. Returns False, and sends nothing, if no change waits.

    `told`: the time and place in that REQUEST.
    """
    invites = {invite.registration_id: invite for invite in _active([registration])}
    for message in _take_back([registration], invites).values():
        for invite in invites.values():
            _stamp(invite, now)
            shown = copy(invite)
            shown.sequence = message.facts.get("sequence_before", invite.sequence)
            facts = {registration.pk: told}
            notifications.tell([(registration, shown)], kind=notifications.CONFIRMED, facts_of=facts, now=now)
        _put_behind(registration, message, invites, now)
        return True
    return False


def put_behind(registration: Registration, *, now: datetime) -> bool:
    """Lets a change that waits carry the entry as it is by now, at the moment it would have been sent anyway. Returns
    False if none waits.
    """
    invites = {invite.registration_id: invite for invite in _active([registration])}
    for message in _take_back([registration], invites).values():
        _put_behind(registration, message, invites, now)
        return True
    return False


def _put_behind(
    registration: Registration, message: Message, invite_of: Mapping[int | None, Invite], now: datetime
) -> None:
    more = {name: message.facts[name] for name in WAITED_WITH if name in message.facts}
    for invite in invite_of.values():
        _stamp(invite, now)
        invite.sent_partstat = next_partstat(invite, registration.attendee)
    Invite.objects.bulk_update(invite_of.values(), SENT_COLUMNS)
    facts, due = {registration.pk: more}, {registration.pk: message.due_at}
    _announce([registration], invite_of.values(), kind=message.kind, more=facts, due=due, now=now)


def repeat(registration: Registration, *, kind: str, now: datetime, more: Mapping[str, Any] | None = None) -> None:
    """Sends the current REQUEST again, for a calendar that lost it: the same SEQUENCE with a newer DTSTAMP (R31, R32).
    For a seat that was given up, sends its CANCEL again. `more`: what the mail says besides time and place.

    The mail says what holds now, so a change that waits is told first, and is not merged with later ones: otherwise
    nobody would be told if that change were reversed.
    """
    newest = Invite.objects.filter(registration=registration).exclude(state=InviteState.DECLINED).order_by("-pk")
    invites = list(newest[:1])
    unsent = _take_back([registration], {invite.registration_id: invite for invite in invites})
    for invite in invites:
        _stamp(invite, now)
        if invite.state == InviteState.ACTIVE and not invite.release_at:
            invite.sent_partstat = next_partstat(invite, registration.attendee)
    Invite.objects.bulk_update(invites, SENT_COLUMNS)
    told = [(message.kind, {"was": message.facts["was"]}) for message in unsent.values()]
    for name, beside in [*told, (kind, dict(more or {}))]:
        _announce([registration], invites, kind=name, more={registration.pk: beside | {"again": True}}, now=now)


def reword(registrations: Sequence[Registration], *, kind: str, now: datetime) -> None:
    """Sends the same entry with other texts: the SEQUENCE stays, DTSTAMP is newer, and the current answer is repeated
    (R31). Sends nothing to people who have no entry in their calendar or declined it: an entry they removed would come
    back.
    """
    holders = {registration.pk: registration for registration in registrations}
    told: list[Invite] = []
    for invite in _active(registrations):
        partstat = next_partstat(invite, holders[cast("int", invite.registration_id)].attendee)
        if partstat and answer_of(invite) != Answer.DECLINED and not invite.release_at:
            _stamp(invite, now)
            invite.sent_partstat = partstat
            told.append(invite)
    Invite.objects.bulk_update(told, SENT_COLUMNS)
    _announce([holders[cast("int", invite.registration_id)] for invite in told], told, kind=kind, now=now)


def transfer(moves: Sequence[tuple[Registration, Registration]], *, now: datetime) -> None:
    """Moves the calendar entry along with a swap: the same UID with SEQUENCE + 1 now belongs to the new registration
    (specs/calendar.md R28).
    """
    if not moves:
        return
    held = [before for before, _ in moves]
    invites = {invite.registration_id: invite for invite in _active(held)}
    unsent = _take_back(held, invites)
    left: dict[int, dict[str, Any]] = {}
    for before, new in moves:
        earlier = unsent.get(before.pk)
        left[new.pk] = {"was": notifications.facts_left(before, new) | (earlier.facts["was"] if earlier else {})}
        if invite := invites.get(before.pk):
            advance(invite, now)
            invite.registration, invite.asked_sequence, invite.release_at = new, invite.sequence, None
            invite.sent_partstat = next_partstat(invite, new.attendee)
    changed = [*SENT_COLUMNS, "registration", "asked_sequence", "release_at"]
    Invite.objects.bulk_update(invites.values(), changed)
    _announce([new for _, new in moves], invites.values(), kind="registration-swapped", more=left, now=now)


def readdress(registrations: Sequence[Registration], *, unreachable: Collection[str], now: datetime) -> None:
    """For people whose address changed: sends CANCEL of the old UID to where the entry is, then a REQUEST with a new
    one to the new address (3.9).

    An ATTENDEE never changes under a UID. Each of the two mails stays in the thread of its own UID, so neither
    overtakes earlier mails, and an old mailbox that does not respond delays nothing. No CANCEL goes to an address that
    is `unreachable`, nor to people without an invitation. A change that waits goes along: in the REQUEST, or otherwise
    as a mail of its own, as it was.
    """
    invites = _active(registrations)
    unsent = _take_back(registrations, {invite.registration_id: invite for invite in invites})
    for invite in invites:
        advance(invite, now)
        invite.state = InviteState.CANCELLED
    Invite.objects.bulk_update(invites, [*SENT_COLUMNS, "state"])
    fresh = Invite.objects.bulk_create(_new(registration, now) for registration in registrations)
    left = {one.registration_id for one in invites if one.sent_partstat and one.address not in unreachable}
    here = {one.registration_id for one in fresh if one.sent_partstat}
    was = {key: {"was": message.facts["was"]} for key, message in unsent.items()}
    for kind, entries, told in (("appointment-left", invites, left), ("appointment-here", fresh, here)):
        people = [registration for registration in registrations if registration.pk in told]
        _announce(people, entries, kind=kind, more=was, now=now)
    for registration in registrations:
        if registration.pk in unsent.keys() - here:
            earlier = unsent[registration.pk]
            due = {registration.pk: earlier.due_at}
            _announce([registration], fresh, kind=earlier.kind, more=was, due=due, now=now)


def answer_of(invite: Invite) -> str:
    """Returns what the person answered to the time and place that hold now; empty if they answered to earlier ones or
    delegated the invitation (5.4).
    """
    is_current = invite.answered_sequence is not None and invite.answered_sequence >= invite.asked_sequence
    return invite.answer if is_current and invite.answer != Answer.DELEGATED else ""


def _new(registration: Registration, now: datetime) -> Invite:
    """People who opted out of invitations have an invite all the same, because the feed shows the seat under its UID
    (3.12).
    """
    person = registration.attendee
    wants_it = person.calendar_preference == CalendarPreference.INVITE
    return Invite(
        registration=registration,
        attendee=person,
        slot=registration.slot,
        address=person.mail_address(is_discreet=registration.session.event.is_discreet),
        stamped_at=now,
        sent_partstat=settings.ICAL_INITIAL_PARTSTAT if wants_it else "",
    )


def _active(registrations: Sequence[Registration]) -> list[Invite]:
    return list(Invite.objects.filter(registration__in=registrations, state=InviteState.ACTIVE))


def advance(invite: Invite, now: datetime) -> None:
    """Moves the invite to the next SEQUENCE of its UID."""
    invite.sequence += 1
    _stamp(invite, now)


def _stamp(invite: Invite, now: datetime) -> None:
    """Makes DTSTAMP strictly later than before, so that two changes in one second still have an order (R32)."""
    invite.stamped_at = max(now, invite.stamped_at + timedelta(seconds=1))


def _follow(
    invite: Invite, registration: Registration, earlier: Message | None, *, kind: str, now: datetime
) -> dict[str, Any]:
    """Updates the entry after its session has changed. Returns what a merged mail has to know: the SEQUENCE that was
    last sent, and the one of the last time or place that was asked about.
    """
    said = earlier.facts if earlier else {}
    sequence_before: int = said.get("sequence_before", invite.sequence)
    asked_before: int = said.get("asked_before", invite.asked_sequence)  # a mail without this entry has none
    advance(invite, now)
    invite.asked_sequence = invite.sequence if kind in notifications.ASKS_AGAIN else asked_before
    if kind and not invite.release_at:
        invite.sent_partstat = next_partstat(invite, registration.attendee)
    return {"asked_before": asked_before, "sequence_before": sequence_before}


def next_partstat(invite: Invite, person: User) -> str:
    """Returns the PARTSTAT of the next REQUEST (R31, R38). Empty for people who opted out and never received this
    invite. Anyone who did keeps getting updates: nothing else can correct their calendar.
    """
    if not invite.sent_partstat and person.calendar_preference != CalendarPreference.INVITE:
        return ""
    return answer_of(invite) or (NEEDS_ACTION if invite.asked_sequence else settings.ICAL_INITIAL_PARTSTAT)


def _declined(registrations: Sequence[Registration]) -> list[Invite]:
    """Ends the entries that a calendar program has removed itself, and returns them."""
    invites = _active(registrations)
    _take_back(registrations, {invite.registration_id: invite for invite in invites})
    for invite in invites:
        invite.state, invite.release_at, invite.sent_partstat = InviteState.DECLINED, None, ""
    Invite.objects.bulk_update(invites, ["state", "release_at", "sent_partstat"])
    return invites


def _take_back(registrations: Sequence[Registration], invite_of: Mapping[int | None, Invite]) -> dict[int, Message]:
    """Drops the mails about changes that nobody has been told of yet (R34). Returns the first of each registration, by
    its primary key.
    """
    registrations = [one for one in registrations if may_wait(one.session.event)]
    if not registrations:
        return {}
    invited = [
        (invite.uid, registration.pk) for registration in registrations if (invite := invite_of.get(registration.pk))
    ]
    threads = dict(invited)
    subjects = {registration.key: registration.pk for registration in registrations if registration.pk not in invite_of}
    unsent: dict[int, Message] = {}
    for message in supersede(kinds=notifications.CHANGES, threads=threads, subjects=subjects):
        whose = threads.get(message.thread or NOBODY) or subjects[message.subject_id or NOBODY]
        unsent.setdefault(whose, message)
    return unsent


def due_at(session: Session, known: dict[str, Any], earlier: Message | None, now: datetime) -> datetime:
    """Returns when a change is sent. It waits for the next one, but never longer than the first of them would have, and
    not close to the start (R34, 3.5).

    A change of a conference waits until the organiser sends it (3.11). Once sent, a change that no worker has picked up
    yet does not wait again.
    """
    start = min(session.starts_at, datetime.fromisoformat(known["starts_at"]))
    if start - now <= AT_ONCE:
        return now
    is_sent = earlier is not None and earlier.due_at <= now
    if not is_sent and (latest := collected_until(session.event, starts_at=start, now=now)):
        return latest
    return min(_soon(now), earlier.due_at) if earlier else _soon(now)


def _announce(
    registrations: Sequence[Registration],
    invites: Iterable[Invite],
    *,
    kind: str,
    now: datetime,
    more: Mapping[int, dict[str, Any]] | None = None,
    due: Mapping[int, datetime] | None = None,
) -> None:
    invite_of = {invite.registration_id: invite for invite in invites}
    people = [(registration, invite_of.get(registration.pk)) for registration in registrations]
    notifications.tell(people, kind=kind, facts_of=more, due_of=due, now=now)
