from __future__ import annotations

from typing import TYPE_CHECKING

from registrations.enums import HOLDING
from registrations.models import Registration

if TYPE_CHECKING:
    from events.models import Session


def people_expected(session: Session) -> int:
    """Everybody with a seat, who may still come, and everybody who walked in."""
    return Registration.objects.filter(session=session, status__in=HOLDING).count()
