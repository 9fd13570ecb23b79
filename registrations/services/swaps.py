from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from registrations.services import claims, waitlist, wishes
from registrations.services.refusals import UnableToRegister

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from project.accounts.models import User
    from registrations.models import Registration


def swap(*, registration_key: UUID, session_key: UUID, attendee: User, now: datetime) -> Registration:
    """Moves a seat to another date of the slot in one step; the old seat is kept until the new one is certain (product S3).

    With a seat free there it is done at once, and the same calendar entry moves along. Otherwise it is a wish that replaces the seat when
    its turn comes; two people who want each other's seat are exchanged at once. Answers the registration on the other date. Repeating it
    changes nothing. Raises `UnableToRegister`: `another-slot`, `expired` when the seat is no longer held, `started` when its date has
    begun, else as `sign_up`.
    """
    with transaction.atomic(durable=True):
        session, ledger = waitlist.settled_for(session_key=session_key, person=attendee, now=now)
        mine = claims.mine_in_slot(session, attendee, ledger)
        there = next((claim for claim in mine if claim.session_id == session.pk), None)
        held = next((claim for claim in mine if claim.is_confirmed and claim.holds_a_seat), None)
        if there and there.holds_a_seat:
            return there
        if held is None or held.key != registration_key:
            raise UnableToRegister("another-slot" if held or not mine else "expired")
        if now >= held.session.starts_at:
            raise UnableToRegister("started")
        registration = there or wishes.ask_for([session], attendee, mine, ledger, now)[0]
        waitlist.fill(event=session.event, now=now)
        registration.refresh_from_db()
    return registration
