"""Somebody says how and where we write to them, and leaves a page that nobody else should see."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_another_address_takes_the_calendar_entry_along(visit, inbox_of) -> None:
    """specs/calendar.md 3.9: the old calendar gives the entry back, then the new one gets its own."""
    old, new = inbox_of("person0088"), inbox_of("moved0088")
    visitor = visit("en", screen=PHONE)
    visitor.become("person0088")
    visitor.open("/events/executive-board-online/")
    visitor.press("Take a seat")
    visitor.reads("You have a seat.")
    first = old.next()
    visitor.open("/my/")
    visitor.follow("Preferences")
    visitor.page.get_by_label("New email address").fill("moved0088@demo.example")
    visitor.page.locator("form[action$='/preferences/address/'] button").click()
    visitor.reads("We have sent an email to that address.")
    visitor.look()

    question = new.next()
    visitor.open(question.found(r"/my/preferences/confirm/\S+"))
    visitor.look()
    visitor.press("Use this address")

    visitor.reads("Now it is moved0088@demo.example.")
    visitor.look()
    left = _until(old, lambda letter: letter.method == "CANCEL" and letter.entry["UID"] == first.entry["UID"])
    here = _until(new, lambda letter: letter.method == "REQUEST" and letter.entry["URL"] == first.entry["URL"])
    assert int(left.entry["SEQUENCE"]) == 1
    assert int(here.entry["SEQUENCE"]) == 0
    assert here.entry["UID"] != first.entry["UID"]


def _until(inbox, is_meant):
    """The demo has given this person other seats, whose entries move as well."""
    while not is_meant(letter := inbox.next()):
        pass
    return letter


@pytest.mark.parametrize("language", ["en", "nl"])
def test_escape_three_times_leaves_a_discreet_page(visit, language) -> None:
    visitor = visit(language)
    visitor.open("/feeds/")
    visitor.open("/events/k7q2m9x4/")
    way = visitor.page.get_by_role("link", name=visitor.word("Leave this page"))
    expect(way).to_have_attribute("href", "https://www.wikipedia.org/")
    way.evaluate("link => { link.href = '/feeds/?left' }")  # the real one is outside of this house

    for _ in range(3):
        visitor.page.keyboard.press("Escape")

    expect(visitor.page).to_have_url(re.compile(r"/feeds/\?left$"))
    visitor.page.go_back()
    expect(visitor.page).to_have_url(re.compile(r"/feeds/$"))
    visitor.troubles.clear()  # the browser may say that it left early
