"""Changes of a conference that people have not been told of yet (specs/calendar.md 3.11). They exist only as unsent
mails, each due a day before its session at the latest, so nothing else has to be kept in step with them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from events.enums import SeatScope
from events.models import Event, Session
from events.services.refusals import UnableToChange
from project.outbox.models import Message
from project.outbox.services.messages import send_now
from registrations.models import Registration
from registrations.rules.schedules import collects_changes
from registrations.services.calendar import notifications, unsent
from registrations.services.lock import lock_event

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from project.accounts.rules import Rights


@dataclass(frozen=True, kw_only=True)
class Change:
    """One session that changed. `kind`: the most serious change that people will be told of. `was`: the session as the
    first recipient of that mail knows it.
    """

    session: Session
    was: dict[str, Any]
    kind: str
    people: int
    goes_at: datetime

    @property
    def before(self) -> Session:
        """Returns the session at its former time, for the page."""
        before = copy(self.session)
        before.starts_at, before.ends_at = (datetime.fromisoformat(self.was[name]) for name in notifications.TIMES)
        return before

    @property
    def is_moved(self) -> bool:
        return self.kind == notifications.MOVED

    @property
    def is_relocated(self) -> bool:
        return self.kind == notifications.RELOCATED

    @property
    def is_about_the_link(self) -> bool:
        return self.kind == notifications.LINK_CHANGED

    @property
    def has_other_place(self) -> bool:
        return bool(self.was["place"] != self._now["place"])

    @property
    def place_before(self) -> str:
        return self.was["place"] or _("Online")

    @property
    def has_other_link(self) -> bool:
        return bool(self.was["join_url"] != self._now["join_url"])

    @property
    def goes_at_there(self) -> datetime:
        """Returns the local time at the session."""
        return self.goes_at.astimezone(self.session.zone).replace(tzinfo=None)

    @property
    def _now(self) -> dict[str, Any]:
        return notifications.facts_about(self.session)


@dataclass(frozen=True, kw_only=True)
class Collected:
    """All pending changes of one conference. Each of the `people` gets one mail for each of their sessions that
    changed.
    """

    changes: list[Change]
    messages: list[Message]

    @property
    def people(self) -> int:
        return len({message.recipient_id for message in self.messages})

    @property
    def moved(self) -> int:
        return sum(change.is_moved for change in self.changes)

    @property
    def relocated(self) -> int:
        return sum(change.is_relocated for change in self.changes)

    @property
    def linked(self) -> int:
        return sum(change.is_about_the_link for change in self.changes)

    @property
    def fingerprint(self) -> str:
        """Identifies what an organiser has looked at: every further change writes new mails and so changes the
        fingerprint.
        """
        keys = " ".join(str(message.pk) for message in self.messages)
        return hashlib.sha256(keys.encode()).hexdigest()[:16]


def changes_of(*, event: Event, now: datetime) -> Collected:
    """Returns what people have not been told yet, by session, in the order of the programme; empty for an event that
    does not collect changes.
    """
    messages = list(unsent.about_event(event, now).order_by("pk"))
    if not messages:
        return Collected(changes=[], messages=[])
    claims = Registration.objects.active().filter(session__event=event)
    session_of = dict(claims.values_list("key", "session__key"))
    told: dict[UUID, list[Message]] = defaultdict(list)
    for message in messages:
        told[_subject(message, session_of)].append(message)
    changed = Session.objects.filter(event=event, key__in=told).select_related("event", "venue")
    return Collected(changes=[_change(session, told[session.key]) for session in changed], messages=messages)


def events_with_changes(*, rights: Rights, now: datetime) -> list[Event]:
    """Returns the conferences that somebody with these rights organises and that have pending changes."""
    subjects = unsent.changes(now).values("subject_id")
    claims = Registration.objects.active().filter(key__in=subjects)
    sessions = Session.objects.filter(Q(key__in=subjects) | Q(pk__in=claims.values("session")))
    events = Event.objects.organized_by(rights).filter(seat_scope=SeatScope.ROUND, pk__in=sessions.values("event"))
    return [event for event in events.order_by("slug") if collects_changes(event)]


def send_changes(*, event_key: UUID, previewed: str, now: datetime) -> Collected:
    """Sends the pending changes to everybody now and returns them. Idempotent: without pending changes it does nothing.

    `previewed`: the fingerprint of what the organiser has looked at. Raises `UnableToChange("changed-meanwhile")`,
    `Event.DoesNotExist`.
    """
    with transaction.atomic(durable=True):
        collected = changes_of(event=lock_event(key=event_key), now=now)
        if collected.messages and collected.fingerprint != previewed:
            text = _("Something changed while you looked at it. This is how it is now; nothing has been sent.")
            raise UnableToChange("changed-meanwhile", text)
        send_now(message_ids=[message.pk for message in collected.messages], now=now)
    return collected


def _subject(message: Message, session_of: Mapping[UUID, UUID]) -> UUID:
    """Returns the key of the session: a mail to an attendee is about their claim, one to a host about the session
    itself.
    """
    key = cast("UUID", message.subject_id)
    return session_of.get(key, key)


def _change(session: Session, messages: list[Message]) -> Change:
    gravest = min(messages, key=lambda message: notifications.CHANGES.index(_kind_of(message)))
    return Change(
        session=session,
        was=gravest.facts["was"],
        kind=_kind_of(gravest),
        people=len({message.recipient_id for message in messages}),
        goes_at=min(message.due_at for message in messages),
    )


def _kind_of(message: Message) -> str:
    return str(message.facts.get("change", message.kind))
