"""How many of our files somebody opens who reads along with a verb. A sign-up should be read in two minutes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from registrations.enums import Status
from registrations.services.attending import booking
from tests.factories import NOW, make_person, make_session

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

pytestmark = pytest.mark.django_db
APPS = tuple(str(settings.BASE_DIR / app) for app in ("project", "events", "registrations", "feedback"))
MAX_FILES = 14


def _is_ours(frame: FrameType | None) -> bool:
    return frame is not None and frame.f_code.co_filename.startswith(APPS)


def files_entered(act: Callable[[], object]) -> set[str]:
    """The files of ours that our own code calls into. What Django calls back, such as a field's conversion, is no step
    of the verb.
    """
    entered: set[str] = set()

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and _is_ours(frame) and (_is_ours(frame.f_back) or not entered):
            entered.add(str(Path(frame.f_code.co_filename).relative_to(settings.BASE_DIR)))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(before)
    return entered


@pytest.mark.parametrize(("capacity", "status"), [(2, Status.CONFIRMED), (0, Status.WAITLISTED)])
def test_a_sign_up_is_read_in_few_files(capacity, status):
    session, person = make_session(capacity=capacity), make_person()
    booking.sign_up(session_key=session.key, attendee=make_person(), now=NOW)  # what is compiled once is compiled
    claims = []

    files = files_entered(lambda: claims.append(booking.sign_up(session_key=session.key, attendee=person, now=NOW)))

    assert claims[0].status == status
    assert "registrations/services/attending/booking.py" in files
    assert len(files) <= MAX_FILES, sorted(files)
