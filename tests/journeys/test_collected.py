"""An organiser puts the programme of a conference right, and people hear of it once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WHO, CONFERENCE, TALK = "person0091", "/organise/events/work-conference/", "Making it last after the training"


def test_changes_of_a_conference_are_collected_looked_at_and_sent_at_once(visit, inbox_of) -> None:
    inbox = inbox_of(WHO)
    _choose(visit)
    confirmed = inbox.next().entry
    organizer = visit("en")
    organizer.become("organiser")

    for start, end in (("15:10", "16:40"), ("15:15", "16:45")):
        _move(organizer, start, end)
    organizer.follow("Look at the changes and send them")
    organizer.reads("1 session at another time")
    organizer.look()
    organizer.press("Send changes")
    organizer.page.wait_for_url(f"**{CONFERENCE}")
    organizer.reads("an email on the way.")
    expect(organizer.page.get_by_text("people have not been told yet")).to_have_count(0)

    letter = inbox.next()
    assert (letter.method, letter.entry["UID"], letter.entry["SEQUENCE"]) == ("REQUEST", confirmed["UID"], 2)
    assert letter.entry["DTSTART"].dt.strftime("%H:%M") == "15:15"


def _choose(visit) -> None:
    person = visit("en")
    person.become(WHO)
    person.open("/events/work-conference/")
    person.page.get_by_role("radio", name=TALK).check()
    person.press("Save my choices")
    person.reads("Your choices are saved.")


def _move(organizer, start: str, end: str) -> None:
    organizer.open(CONFERENCE)
    organizer.page.locator(".dates tbody tr", has_text=TALK).get_by_role("link").click()
    organizer.follow("Move to another time")
    organizer.page.get_by_label("From").fill(start)
    organizer.page.get_by_label("Until").fill(end)
    organizer.press("Show what happens")
    organizer.reads("Nothing is sent yet")
    organizer.look()
    organizer.press("Move it")
    organizer.reads("Changed. Nobody is told yet: send the changes of this conference when the schedule is right.")
    organizer.look()
