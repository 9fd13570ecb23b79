"""An organiser's own words reach people: in the mails of an event, and in a message to the people who come."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.organizing import open_circle

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_own_words_and_a_message_are_read_before_and_after_they_are_sent(visit, inbox_of) -> None:
    organizer, person = visit("en"), visit("nl")
    organizer.become("organiser")
    circle = open_circle(organizer, title="A circle with lunch", seats=12)
    inbox = inbox_of("person0031")

    _write_own_words(organizer, circle)
    person.become("person0031")
    person.open(circle.page)
    person.press("Take a seat")
    confirmed = inbox.next()
    _write_to_people(organizer, circle)
    message = inbox.next()

    assert confirmed.subject == "Tot ziens bij A circle with lunch"
    assert "Neem je lunch mee." in confirmed.text
    assert confirmed.method == "REQUEST"
    assert message.subject == "The canteen is closed"
    assert "Bring something to eat." in message.text
    assert message.calendar is None
    person.open("/my/")
    mine = person.page.locator(".card-next, .session", has_text="A circle with lunch")
    mine.locator("a[href^='/my/']").click()
    person.reads("What the organisers wrote")
    person.reads("Bring something to eat.")
    person.look()


def _write_own_words(organizer, circle) -> None:
    organizer.open(circle.event_page.replace("/events/", "/organise/events/"))
    organizer.follow("Email texts")
    organizer.follow("Confirmation")
    organizer.page.locator("[name=subject_nl]").fill("Tot ziens bij {title}")
    organizer.page.locator("[name=body_nl]").fill("Neem je lunch mee.")
    organizer.press("Show the email")
    organizer.reads("Not saved yet.")
    frame = organizer.page.frame_locator("iframe[src*='/shown/nl/']")
    expect(frame.get_by_text("Neem je lunch mee.")).to_be_visible()
    organizer.look()
    organizer.press("Save")
    organizer.reads("Saved. From now on this email uses your text.")
    organizer.look()


def _write_to_people(organizer, circle) -> None:
    organizer.open(circle.workspace)
    organizer.follow("Write to people")
    organizer.page.locator("[name=subject_en]").fill("The canteen is closed")
    organizer.page.locator("[name=body_en]").fill("Dear {name},\n\nBring something to eat.")
    organizer.press("Show what happens")
    expect(organizer.page.locator(".notice-wait")).to_contain_text("1 person gets this email.")
    expect(organizer.page.frame_locator("iframe").get_by_text("Bring something to eat.")).to_be_visible()
    organizer.look()
    organizer.press("Send it")
    organizer.reads("Sent to 1 person.")
    expect(organizer.page.locator("#notices")).to_be_visible()
    organizer.look()
