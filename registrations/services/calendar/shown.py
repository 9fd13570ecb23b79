"""What a calendar shows: the date as it was last told, and not what changed since and still waits to be sent
(specs/calendar.md R34, 3.11).

Answers are compared with this, and mails about answers say no more than this: what nobody was told is told by its own
mail alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from project.outbox.models import Message
from registrations.enums import Answer
from registrations.services.calendar import host_invites, notifications

if TYPE_CHECKING:
    from datetime import datetime

    from registrations.models import Invite, Registration

CHANGES = (*notifications.CHANGES, host_invites.CHANGED)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """`sequence` and `asked_sequence` as in `Invite`, but of what has gone out. `facts`: when and where it is told to
    be; empty where nothing waits, so that what holds now has been told.
    """

    sequence: int
    asked_sequence: int
    facts: dict[str, Any] = field(default_factory=dict)


def shown_by(invite: Invite) -> Shown:
    """Returns what the calendar shows: the state before the oldest unsent change, else the current one."""
    waiting = Message.objects.filter(thread=invite.uid, kind__in=CHANGES).untouched().exclude(facts__has_key="again")
    first = waiting.order_by("pk").first()
    if first is None:
        return Shown(sequence=invite.sequence, asked_sequence=invite.asked_sequence)
    return Shown(
        sequence=first.facts.get("sequence_before", invite.sequence),
        asked_sequence=first.facts.get("asked_before", invite.asked_sequence),
        facts=first.facts["was"],
    )


def answer_shown(invite: Invite) -> str:
    """What the person said to the time and place that their calendar shows; nothing, if that was about earlier ones.
    Sent on is no answer.
    """
    last = invite.answered_sequence
    is_current = last is not None and last >= shown_by(invite).asked_sequence
    return invite.answer if is_current and invite.answer != Answer.DELEGATED else ""


def known_of(registration: Registration) -> dict[str, Any]:
    """When and where the person knows the date to be, as facts of a mail; empty where that is what holds now."""
    waiting = Message.objects.filter(subject_id=registration.key, kind__in=notifications.CHANGES).untouched()
    first = waiting.exclude(facts__has_key="again").order_by("pk").first()
    return dict(first.facts["was"]) if first else {}


def last_told(invite: Invite) -> dict[str, Any]:
    """When and where the date was in the newest mail about this entry: of a seat that is gone nothing later was told to
    this person.
    """
    newest = Message.objects.filter(thread=invite.uid, facts__has_key="starts_at").order_by("-pk").first()
    return {name: newest.facts[name] for name in notifications.FACTS if name in newest.facts} if newest else {}


def tell(registration: Registration, *, kind: str, now: datetime, **facts: str) -> None:
    """A mail about an answer, by the date that the person knows."""
    known = known_of(registration) | facts
    notifications.tell([(registration, None)], kind=kind, facts_of={registration.pk: known}, now=now)
