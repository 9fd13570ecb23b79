from __future__ import annotations

import pytest

from registrations.emails.kinds import KINDS, SEAT_MAILS
from registrations.emails.repeating import may_repeat
from registrations.enums import Status
from tests.factories import NOW
from tests.registrations.support.mails import STATES, make_claim

pytestmark = pytest.mark.django_db
ABOUT_A_SEAT = {
    "registration-confirmed",
    "registration-promoted",
    "registration-swapped",
    "session-moved",
    "session-relocated",
    "link-changed",
    "texts-changed",
    "session-reinstated",
}
REPEATABLE = {
    Status.CONFIRMED: ABOUT_A_SEAT,
    Status.WAITLISTED: {"registration-waitlisted"},
    Status.REQUESTED: {"registration-requested"},
    Status.OFFERED: {"registration-offered", "colleague-invited"},
    Status.CANCELLED: {"registration-cancelled", "session-cancelled"},
}


@pytest.mark.parametrize("status", Status)
def test_only_what_still_holds_may_be_sent_once_more(status):
    moments = {"offer_expires_at": NOW} if status == Status.OFFERED else {}
    claim = make_claim(status, **moments)

    assert {kind.name for kind in KINDS if may_repeat(kind.name, claim, NOW)} == REPEATABLE[status]


@pytest.mark.parametrize("kind", STATES)
def test_nothing_may_be_sent_once_more_once_the_session_has_begun(kind):
    status = SEAT_MAILS[kind].repeatable_while or Status.CONFIRMED
    moments = {"offer_expires_at": NOW} if status == Status.OFFERED else {}
    claim = make_claim(status, **moments)

    assert not may_repeat(kind, claim, claim.session.starts_at)


def test_every_kind_has_a_name_of_its_own():
    names = [kind.name for kind in KINDS]

    assert len(names) == len(set(names))
