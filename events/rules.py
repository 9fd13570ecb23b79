from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from events.enums import EventStatus
from events.querysets import OPEN_TO_READ

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.models import Event, Session

Name = TypeVar("Name")


def may_be_known(event: Event, session: Session | None = None) -> bool:
    """Returns whether all staff may know that an event, or a date of it, exists, so that 403 gives nothing away.

    Drafts, archived and discreet events and unlisted dates are known only to the people concerned; others get 404.
    """
    is_hidden = event.is_discreet or (session is not None and session.is_unlisted)
    return event.status in OPEN_TO_READ and not is_hidden


def is_public(session: Session) -> bool:
    """Returns whether strangers may know about a date. The event must be loaded."""
    event = session.event
    return event.status == EventStatus.PUBLISHED and not event.is_discreet and not session.is_unlisted


def leads_back_to(event: Name, first: Name, prerequisites: Mapping[Name, Name]) -> bool:
    """Returns whether the chain of prerequisites from `first` on contains the event, so that nobody could attend it."""
    step: Name | None = first
    seen: set[Name] = set()
    while step is not None and step not in seen:
        if step == event:
            return True
        seen.add(step)
        step = prerequisites.get(step)
    return False


@dataclass
class Question:
    """A question that people ask, with its answer. `asked` is empty for a text that stands before the first one."""

    asked: str
    answer: str = ""


def questions_in(text: str) -> list[Question]:
    """Takes questions and answers apart: a line that ends with a question mark is a question, and what follows is its
    answer.
    """
    found: list[Question] = []
    for line in text.splitlines():
        if line.rstrip().endswith("?"):
            found.append(Question(line.strip()))
        elif found or line.strip():
            found = found or [Question("")]
            found[-1].answer += f"{line}\n"
    return [Question(question.asked, question.answer.strip()) for question in found]
