from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from registrations.emails.case import Case

if TYPE_CHECKING:
    from registrations.models import Wording
    from registrations.querysets import PlacedRegistration

EXAMPLE_PLACE = 3


@dataclass(frozen=True)
class Example(Case):
    """A mail to somebody who does not exist, so that an organiser can read it before it is sent. Nothing of it is stored: the person
    holds no other seat, and waits for this date alone. `draft`: the own words to show, stored or not.
    """

    draft: Wording | None = None

    @cached_property
    def wishes(self) -> list[PlacedRegistration]:
        wish = cast("PlacedRegistration", self.registration)
        wish.place = EXAMPLE_PLACE
        return [wish] if self.registration.is_waiting else []
