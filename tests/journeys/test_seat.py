"""Somebody takes a seat, has second thoughts, and makes room for the next."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.letters import Inbox
from tests.journeys.organizing import open_circle

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ONLINE = "/events/executive-board-online/"


@pytest.mark.parametrize(("language", "who"), [("en", "student"), ("nl", "phd")])
def test_a_seat_is_one_click_and_so_is_undo(visit, house, inbox_of, language, who) -> None:
    visitor, inbox = visit(language), inbox_of(who)
    visitor.become(who)
    visitor.look()
    visitor.open(ONLINE)
    visitor.look()

    visitor.press("Take a seat")

    visitor.reads("You have a seat.")
    visitor.look()
    letter = inbox.next()
    _assert_is_an_invitation(letter, f"{who}@demo.example")
    _read_in_the_demo(visitor, letter)

    visitor.open(ONLINE)
    visitor.press("Undo")

    visitor.reads("You have given back your seat.")
    visitor.look()
    assert inbox.next().method == "CANCEL"

    visitor.press("Undo: take my seat again")

    visitor.reads("You have a seat.")
    confirmed = inbox.next()
    assert confirmed.method == "REQUEST"

    visitor.open("/my/")
    visitor.look()
    _give_back_by_mail(visit(language), confirmed, house.address)
    visitor.page.reload()
    visitor.reads("You have given back your seat.")


def _assert_is_an_invitation(letter, address) -> None:
    entry = letter.entry
    assert letter.method == "REQUEST"
    assert entry["SEQUENCE"] == 0
    assert entry["ATTENDEE"].lower() == f"mailto:{address}"
    assert entry["ORGANIZER"].lower() == "mailto:samen@demo.example"
    assert entry["DTEND"].dt > entry["DTSTART"].dt
    assert str(entry["DTSTART"].params["TZID"]) == "Europe/Amsterdam"
    assert [str(zone["TZID"]) for zone in letter.calendar.walk("VTIMEZONE")] == ["Europe/Amsterdam"]


def _read_in_the_demo(visitor, letter) -> None:
    """The same mail, as the pages of the demo show it, with what a calendar makes of it."""
    visitor.open("/demo/")
    visitor.page.get_by_role("link", name=letter.subject).first.click()
    expect(visitor.page.locator("h1")).to_have_text(letter.subject)
    expect(visitor.page.locator("dl.facts")).to_contain_text(str(letter.entry["UID"]))
    visitor.look()


def _give_back_by_mail(reader, letter, address) -> None:
    """The link opens a page with one button, without signing in; opening it changes nothing."""
    link = letter.found(r"http\S+/give-back/\S+")
    assert link.startswith(address)
    reader.open(link.removeprefix(address))
    reader.look()
    reader.press("Give my seat back")
    reader.reads("Thank you for telling us")
    reader.look()


def test_the_waiting_list_moves_when_somebody_gives_back(visit, inbox_of) -> None:
    organizer, first, second, third = visit("en"), visit("en"), visit("nl"), visit("nl")
    organizer.become("organiser")
    circle = open_circle(organizer, title="A circle of one", seats=1)
    inboxes = _arrive(inbox_of, first, second, third)
    first.open(circle.page)
    first.press("Take a seat")
    first.reads("You have a seat.")
    _join_the_list(circle, second, third)
    assert [inbox.next().calendar for inbox in inboxes[1:]] == [None, None]

    first.press("Undo")

    first.reads("Undo: wait at the end of the list")
    first.look()
    assert inboxes[1].next().method == "REQUEST"
    second.page.reload()
    second.reads("You have a seat.")
    third.page.reload()
    expect(third.page.locator(".notice-wait")).to_contain_text("1")
    third.open("/my/")
    third.look()


def _arrive(inbox_of, *people) -> list[Inbox]:
    names = [f"person{number:04}" for number in range(11, 11 + len(people))]
    for person, name in zip(people, names, strict=True):
        person.become(name)
    return [inbox_of(name) for name in names]


def _join_the_list(circle, *people) -> None:
    for person in people:
        person.open(circle.event_page)
        person.look()
        person.press("Join the waiting list")
        expect(person.page.locator(".notice-wait")).to_be_visible()
        person.look()
