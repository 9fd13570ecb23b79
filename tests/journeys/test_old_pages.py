"""Pages that stood open while somebody signed in, seats that are moved and moved back, and the button that books."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.organizing import add_date, open_circle
from tests.journeys.visitor import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def audited(house):
    yield
    house.audit()


def signs_in_on_another_tab(visitor, who) -> None:
    first = visitor.page
    visitor.page = visitor.context.new_page()
    visitor.become(who)
    visitor.page.close()
    visitor.page = first


@pytest.mark.parametrize(("language", "screen", "who"), [("en", DESKTOP, "person0081"), ("nl", PHONE, "person0082")])
def test_the_button_of_an_old_page_is_shown_anew_after_signing_in_elsewhere(visit, language, screen, who) -> None:
    organizer = visit("en")
    organizer.become("organiser")
    circle = open_circle(organizer, title=f"A circle on two tabs, {language}", seats=3)
    visitor = visit(language, screen=screen)
    visitor.open(circle.page)
    signs_in_on_another_tab(visitor, who)
    visitor.refusals_expected.add(403)

    visitor.page.locator("aside.reach button").click()
    visitor.reads("Take this seat?")
    visitor.look()
    visitor.press("Take a seat")

    visitor.reads("You have a seat.")
    visitor.look()


@pytest.mark.parametrize(("language", "screen", "who"), [("en", PHONE, "person0083"), ("nl", DESKTOP, "person0084")])
def test_a_seat_is_moved_and_moved_back(visit, inbox_of, language, screen, who) -> None:
    organizer = visit("en")
    organizer.become("organiser")
    circle = open_circle(organizer, title=f"A circle to move in, {language}", seats=2)
    late = add_date(organizer, circle, seats=2, days_ahead=24)
    visitor, inbox = visit(language, screen=screen), inbox_of(who)
    visitor.become(who)
    visitor.open(circle.page)
    visitor.page.locator("aside.reach button").click()
    visitor.reads("You have a seat.")
    seat = inbox.next()

    visitor.open(late.page)
    visitor.page.locator("aside.reach button").click()
    undo = visitor.page.locator("form[action$='/undo-swap/'] button")
    expect(undo).to_have_count(1)
    visitor.look()
    moved = inbox.next()
    undo.click()

    expect(undo).to_have_count(0)
    visitor.open(circle.page)
    expect(visitor.page.locator("form[action$='/undo-swap/']")).to_have_count(1)
    visitor.open("/my/")
    visitor.look()
    assert [mail.method for mail in (seat, moved, inbox.next())] == ["REQUEST"] * 3


@pytest.mark.parametrize(("language", "screen", "who"), [("en", PHONE, "person0085"), ("nl", DESKTOP, "person0086")])
def test_the_choices_of_a_conference_survive_signing_in(visit, language, screen, who) -> None:
    visitor = visit(language, screen=screen)
    visitor.open("/events/work-conference/")
    choice = visitor.page.locator("fieldset.round").nth(1).locator("input[type=radio]:enabled").first
    chosen = choice.get_attribute("value")
    choice.check()
    visitor.look()

    visitor.press("Sign in and save my choices")
    expect(visitor.page.get_by_label(visitor.word("Your email address"))).to_be_visible()
    visitor.become(who)

    visitor.reads("Your choices are saved.")
    expect(visitor.page.locator(f"input[value='{chosen}']")).to_be_checked()
    visitor.look()


@pytest.mark.parametrize(("language", "screen", "who"), [("en", DESKTOP, "person0194"), ("nl", PHONE, "person0195")])
def test_the_button_that_books_takes_a_date_in_the_language_that_was_chosen(visit, language, screen, who) -> None:
    visitor = visit(language, screen=screen)
    visitor.become(who)
    visitor.open("/events/active-bystander/")
    visitor.look()

    visitor.page.locator("#date-language").select_option("en")
    visitor.press("Give me the first free seat")

    visitor.reads("You have a seat.")
    visitor.look()
    own = visitor.page.locator("#dates .session", has_text=visitor.word("You have a seat"))
    expect(own).to_contain_text(visitor.word("English"))
