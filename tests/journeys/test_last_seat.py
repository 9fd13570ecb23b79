"""Many hands at once: two people at the last seat, and one who clicks twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.organizing import open_circle

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_two_browsers_at_the_last_seat_give_one_seat(visit) -> None:
    organizer, one, other = visit("en"), visit("en"), visit("nl")
    organizer.become("organiser")
    circle = open_circle(organizer, title="A circle with one chair", seats=1)
    for person, name in ((one, "person0041"), (other, "person0042")):
        person.become(name)
        person.open(circle.page)
    buttons = [person.page.locator("aside.reach button") for person in (one, other)]

    for button in buttons:
        button.dispatch_event("click")  # does not wait for the page that follows

    for person in (one, other):
        expect(person.page.locator(".notice-ok, .notice-wait")).to_be_visible()
    assert sum(person.page.locator(".notice-ok").count() for person in (one, other)) == 1
    organizer.open(circle.workspace)
    expect(organizer.page.locator(".truth")).to_contain_text("1 taken")
    expect(organizer.page.locator(".truth")).to_contain_text("1 waiting")


def test_a_double_click_and_a_second_tab_give_one_seat(visit) -> None:
    organizer, person = visit("en"), visit("en")
    organizer.become("organiser")
    circle = open_circle(organizer, title="A circle for the impatient", seats=5)
    person.become("person0043")
    person.open(circle.page)
    with person.context.expect_page() as opened:
        person.page.evaluate("address => window.open(address)", circle.page)
    second_tab = opened.value
    expect(second_tab.locator("aside.reach button")).to_be_visible()

    person.page.locator("aside.reach button").dblclick()
    person.reads("You have a seat.")
    second_tab.locator("aside.reach button").click()

    expect(second_tab.get_by_role("main")).to_contain_text("You have a seat.")
    organizer.open(circle.workspace)
    expect(organizer.page.locator(".truth")).to_contain_text("1 taken")
