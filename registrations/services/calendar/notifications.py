from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import override

from events.models import Event, Session
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services.messages import draft, enqueue, supersede
from registrations.models import Registration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from project.accounts.models import User
    from registrations.models import Invite

CARRIES_NO_ENTRY = Q(facts__invite__isnull=True) | Q(facts__invite__partstat="")
MOVED, RELOCATED, LINK_CHANGED = "session-moved", "session-relocated", "link-changed"
CONFIRMED = "registration-confirmed"
REINSTATED = "session-reinstated"
CHANGES = (MOVED, RELOCATED, LINK_CHANGED)
ASKS_AGAIN = (MOVED, RELOCATED)  # a yes was to another time or place (specs/calendar.md R31)
OFFER_CHANGED = "offer-changed"
LOST_OFFER = "has_lost_offer"
SUMMARY = "seats-confirmed"
MAX_SEPARATE_MAILS = 5  # more at once become one mail, and the invitations follow it (specs/calendar.md 3.10)
PACE = timedelta(minutes=1)
# Several of these at once become one mail, unless a calendar entry goes with them. What people do themselves is
# confirmed by a separate mail each time.
CAUSED_BY_THE_HOUSE = {
    *CHANGES,
    OFFER_CHANGED,
    REINSTATED,
    "session-cancelled",
    "seat-open",
    "registration-offered",
    "registration-promoted",
    "offer-expired",
    "still-coming",
}
TIMES, PLACES = ("starts_at", "ends_at"), ("timezone", "place", "address")
FACTS = (*TIMES, *PLACES, "position", "join_url")


def tell(
    people: Sequence[tuple[Registration, Invite | None]],
    *,
    kind: str,
    now: datetime,
    facts_of: Mapping[int, dict[str, Any]] | None = None,
    due_of: Mapping[int, datetime] | None = None,
) -> None:
    """Queues one mail per registration; the worker writes the text later (architecture.md, "Mail"). By the
    registration's primary key: `facts_of`, what this mail says besides time and place; `due_of`, the moment before
    which it is not sent.

    Called within `together`, so neither this nor anything below it may send an UPDATE or DELETE: signing up would fail.
    """
    more, due = facts_of or {}, due_of or {}
    messages = [
        _message(registration, invite, more.get(registration.pk, {}), kind, now) for registration, invite in people
    ]
    for message, (registration, _) in zip(messages, people, strict=True):
        message.due_at = due.get(registration.pk, now)
    enqueue(messages)


def tell_with_changes(
    waiting: Sequence[Registration], *, kind: str, now: datetime, facts_of: Mapping[int, dict[str, Any]] | None = None
) -> None:
    """Queues a mail with the current time and place to people without a calendar entry. It includes changes they have
    not been told of yet, which are then not sent separately.
    """
    if not waiting:
        return
    more, unsent = facts_of or {}, take_back_changes(waiting)
    facts = {row.pk: unsent.get(row.pk, {}) | more.get(row.pk, {}) for row in waiting}
    tell([(row, None) for row in waiting], kind=kind, facts_of=facts, now=now)


def take_back_changes(waiting: Sequence[Registration]) -> dict[int, dict[str, Any]]:
    """Drops unsent mails about changes of the date and of the offer. Returns, by primary key, the date as these people
    know it and what they do not know yet of their offer.
    """
    keys = {registration.key: registration.pk for registration in waiting}
    known: dict[int, dict[str, Any]] = {}
    for message in supersede(kinds=(*CHANGES, OFFER_CHANGED), subjects=keys):
        if message.subject_id:
            told = {name: message.facts[name] for name in ("was", LOST_OFFER) if name in message.facts}
            known.setdefault(keys[message.subject_id], told)
    return known


def sum_up(registrations: Sequence[Registration], *, now: datetime) -> None:
    """For one person who got more than `MAX_SEPARATE_MAILS` seats of an event at once, or several without a calendar
    entry: replaces the mails by one that lists them all, followed by the invitations one by one, each with a short text
    (specs/calendar.md 3.10). In the transaction that gave the seats.
    """
    keys = [registration.key for registration in registrations]
    told = Message.objects.filter(kind=CONFIRMED, subject_id__in=keys, created_at=now).untouched()
    messages = list(told.order_by("pk"))
    invitations = [message for message in messages if message.facts.get("invite", {}).get("partstat")]
    if len(messages) <= (MAX_SEPARATE_MAILS if invitations else 1):
        return
    alone = [message for message in messages if message not in invitations]
    threads = [message.thread for message in alone if message.thread]
    subjects = [message.subject_id for message in alone if message.subject_id]
    supersede(kinds=[CONFIRMED], threads=threads, subjects=subjects)
    for number, message in enumerate(invitations, start=1):
        message.due_at, message.facts = now + PACE * number, message.facts | {"is_brief": True}
    Message.objects.bulk_update(invitations, ["due_at", "facts"])
    first = registrations[0]
    facts = {"registrations": [str(key) for key in keys], "has_invitations": bool(invitations)}
    summary = draft(kind=SUMMARY, recipient=first.attendee, subject_id=first.session.event.key, facts=facts, now=now)
    summary.address = first.attendee.mail_address(is_discreet=first.session.event.is_discreet)
    enqueue([summary])


def redirect(person: User) -> None:
    """Sends what waits for a person to where they read mail now, whether it is about one seat, several or an event. A
    mail with a calendar entry is left alone: it goes to where the entry is, because an ATTENDEE never changes under a
    UID (specs/calendar.md 3.9). In the transaction that changes the address. A mail that could not be sent so far is
    rendered again, because it contains the address.
    """
    waiting = Message.objects.filter(CARRIES_NO_ENTRY, recipient=person, status=MessageStatus.PENDING)
    events = Event.objects.filter(is_discreet=True)
    claims = Registration.objects.filter(attendee=person, session__event__in=events)
    sessions = Session.objects.filter(event__in=events).order_by()
    secret = Q(pk__in=[])
    for subjects in (claims, events, sessions):
        secret |= Q(subject_id__in=subjects.values("key"))
    open_mails = waiting.exclude(secret & Q(subject_id__isnull=False))
    for mails, address in ((open_mails, person.email), (waiting.filter(secret), person.private_email or person.email)):
        mails.exclude(address=address).update(address=address, raw=b"", message_id="")


def facts_about(session: Session) -> dict[str, Any]:
    """Returns the time and place at this moment: the facts of a mail that stay the same whatever happens afterwards
    (specs/calendar.md R35).
    """
    return {
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "timezone": session.timezone,
        "place": session.place,
        "address": session.venue.address if session.venue else "",
        "position": _position(session),
        "join_url": session.join_url,
    }


def facts_of_entry(invite: Invite) -> dict[str, Any]:
    """Returns the identity of a calendar entry at this moment. Without a PARTSTAT, no mail carries the entry; this is
    also so while a seat that was declined is about to be given back.
    """
    return {
        "uid": str(invite.uid),
        "sequence": invite.sequence,
        "stamped_at": invite.stamped_at.isoformat(),
        "partstat": "" if invite.release_at else invite.sent_partstat,
    }


def kind_of_change(was: dict[str, Any], session: Session) -> str:
    """Returns the kind of the mail that says how the session has changed since `was`, or an empty string if it has not.

    Removing the link is a change of place: people who relied on it have to answer again whether they come.
    """
    now = facts_about(session)
    if any(datetime.fromisoformat(was[name]) != datetime.fromisoformat(now[name]) for name in TIMES):
        return MOVED
    if any(was[name] != now[name] for name in PLACES) or (was["join_url"] and not now["join_url"]):
        return RELOCATED
    return LINK_CHANGED if was["join_url"] != now["join_url"] else ""


def facts_left(held: Registration, new: Registration) -> dict[str, Any]:
    """Returns the date that a swap gave up, with its title in the reader's language, or without one for discreet
    events, as no mail needs it (specs/privacy.md 3).
    """
    held.session.event = new.session.event  # a slot never spans events
    with override(new.attendee.language):
        title = "" if held.session.event.is_discreet else held.session.title
        return facts_about(held.session) | {"title": title}


def _position(session: Session) -> list[float] | None:
    """Returns latitude and longitude, if we know them."""
    venue = session.venue
    if venue is None or venue.latitude is None or venue.longitude is None:
        return None
    return [venue.latitude, venue.longitude]


def _message(
    registration: Registration, invite: Invite | None, more: dict[str, Any], kind: str, now: datetime
) -> Message:
    facts = facts_about(registration.session) | more
    if invite:
        facts["invite"] = facts_of_entry(invite)
    message = draft(
        kind=kind,
        recipient=registration.attendee,
        subject_id=registration.key,
        facts=facts,
        thread=invite.uid if invite else None,
        now=now,
    )
    person, event = registration.attendee, registration.session.event
    message.address = person.mail_address(is_discreet=event.is_discreet)
    if invite and facts["invite"]["partstat"]:
        message.address = invite.address  # where the entry is (R8)
    elif kind in CAUSED_BY_THE_HOUSE and "again" not in more:
        message.bundle = bundle_of(event)
    return message


def bundle_of(event: Event) -> str:
    """Returns the bundle of mails about this event. A discreet mail is never sent together with an open one
    (specs/privacy.md 3).
    """
    return "discreet" if event.is_discreet else "open"
