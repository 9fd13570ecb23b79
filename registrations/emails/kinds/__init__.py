"""All kinds of registration mail. A new one needs a module here, a line in `KINDS`, a name in
`templatetags/organizing.py` and a golden text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registrations.emails.kinds import (
    addresses,
    announcements,
    coordination,
    forwarding,
    hosting,
    notices,
    replies,
    umbrellas,
)
from registrations.emails.kinds.changes import (
    cancelled,
    link_changed,
    moved,
    reinstated,
    relocated,
    texts_changed,
    together,
)
from registrations.emails.kinds.seats import (
    another_address,
    confirmed,
    door_mistake,
    given_back,
    promoted,
    reminders,
    summary,
    swapped,
)
from registrations.emails.kinds.waiting import (
    colleague_comes_already,
    colleague_invited,
    invitation_withdrawn,
    offer_changed,
    offer_expired,
    offered,
    request_declined,
    requested,
    seat_open,
    waitlisted,
)
from registrations.emails.mail_kind import EditableKind, SeatMail

if TYPE_CHECKING:
    from project.outbox.emails import MailKind

# Organisers see the editable ones in this order.
KINDS: tuple[MailKind, ...] = (
    confirmed.CONFIRMED,
    promoted.PROMOTED,
    swapped.SWAPPED,
    waitlisted.WAITLISTED,
    offered.OFFERED,
    offer_changed.OFFER_CHANGED,
    offer_expired.OFFER_EXPIRED,
    seat_open.SEAT_OPEN,
    requested.REQUESTED,
    request_declined.REQUEST_DECLINED,
    colleague_invited.COLLEAGUE_INVITED,
    colleague_comes_already.COLLEAGUE_COMES_ALREADY,
    invitation_withdrawn.INVITATION_WITHDRAWN,
    given_back.GIVEN_BACK,
    door_mistake.DOOR_MISTAKE,
    another_address.LEFT,
    another_address.HERE,
    reminders.REMINDER,
    reminders.STILL_COMING,
    moved.MOVED,
    relocated.RELOCATED,
    link_changed.LINK_CHANGED,
    texts_changed.TEXTS_CHANGED,
    reinstated.REINSTATED,
    cancelled.CANCELLED,
    summary.SUMMARY,
    announcements.DATES_ANNOUNCED,
    announcements.ACCESS_GRANTED,
    replies.DECLINED,
    replies.RELEASED,
    replies.STALE,
    replies.ASK,
    replies.UNVERIFIED,
    replies.FOREIGN,
    replies.NOTED,
    replies.COUNTER,
    replies.TOO_LATE,
    replies.RENEWED,
    hosting.INVITED,
    hosting.CHANGED,
    hosting.CANCELLED,
    hosting.RELEASED,
    reminders.REMINDERS,
    together.TOGETHER,
    notices.NOTICE,
    umbrellas.HERE,
    umbrellas.CHANGED,
    umbrellas.LEFT,
    umbrellas.DECLINED,
    forwarding.FORWARDED,
    forwarding.DELEGATED,
    coordination.PROPOSED,
    coordination.CHANGED,
    coordination.WITHDRAWN,
    addresses.CONFIRM,
    addresses.CONFIRM_PRIVATE,
    addresses.TAKEN,
    addresses.CHANGED,
    addresses.CONFIRMED,
)
SEAT_MAILS = {kind.name: kind for kind in KINDS if isinstance(kind, SeatMail)}
EDITABLE = {kind.name: kind for kind in KINDS if isinstance(kind, EditableKind) and kind.is_editable}
