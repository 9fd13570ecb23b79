"""What a calendar shows: the date as it was last told, without later changes that still wait to be sent
(specs/calendar.md R34, 3.11).

Answers are compared with this, and mails about answers say no more than this: only its own mail tells people of a
change.
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
    """`sequence` and `asked_sequence` as in `Invite`, but as they were last sent. `facts`: the time and place as last
    told; empty if nothing waits, because then people know what holds now.
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
    """Returns what the person answered to the time and place that their calendar shows; empty if they answered to
    earlier ones. Delegating is not an answer.
    """
    last = invite.answered_sequence
    is_current = last is not None and last >= shown_by(invite).asked_sequence
    return invite.answer if is_current and invite.answer != Answer.DELEGATED else ""


def known_of(registration: Registration) -> dict[str, Any]:
    """Returns the time and place of the date as the person knows them, as facts of a mail; empty if these hold now."""
    waiting = Message.objects.filter(subject_id=registration.key, kind__in=notifications.CHANGES).untouched()
    first = waiting.exclude(facts__has_key="again").order_by("pk").first()
    return dict(first.facts["was"]) if first else {}


def last_told(invite: Invite) -> dict[str, Any]:
    """Returns the time and place in the newest mail about this entry. For a seat that is gone: the person was told
    nothing later.
    """
    newest = Message.objects.filter(thread=invite.uid, facts__has_key="starts_at").order_by("-pk").first()
    return {name: newest.facts[name] for name in notifications.FACTS if name in newest.facts} if newest else {}


def tell(registration: Registration, *, kind: str, now: datetime, **facts: str) -> None:
    """Queues a mail about an answer, with the time and place that the person knows."""
    known = known_of(registration) | facts
    notifications.tell([(registration, None)], kind=kind, facts_of={registration.pk: known}, now=now)
