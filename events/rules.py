from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from events.querysets import OPEN_TO_READ

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.models import Event, Session

Name = TypeVar("Name")


def may_be_known(event: Event, session: Session | None = None) -> bool:
    """Whether anybody who works here may know that an event, or a date of it, exists: "not yours" (403) tells them nothing then.

    Of drafts, the archive, discreet events and unlisted dates only those know who have to do with them; others find nothing (404).
    """
    is_hidden = event.is_discreet or (session is not None and session.is_unlisted)
    return event.status in OPEN_TO_READ and not is_hidden


def leads_back_to(event: Name, first: Name, prerequisites: Mapping[Name, Name]) -> bool:
    """Whether who must first attend `first`, and what that asks for in its turn, comes back to the event: a ring nobody can enter."""
    step: Name | None = first
    seen: set[Name] = set()
    while step is not None and step not in seen:
        if step == event:
            return True
        seen.add(step)
        step = prerequisites.get(step)
    return False
