from __future__ import annotations

from typing import TYPE_CHECKING

from registrations.models import Registration
from registrations.querysets import HOLDS_A_CHAIR

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Session


def people_expected(session: Session, now: datetime) -> int:
    """Returns the number of people with a seat, who may still come, plus those who walked in."""
    return Registration.objects.filter(HOLDS_A_CHAIR, session=session).not_run_out(now).count()
