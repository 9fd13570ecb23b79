from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

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
