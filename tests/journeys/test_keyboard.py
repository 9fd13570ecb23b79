"""Finding and taking a seat with Tab, Enter and letters only; what has the focus can be seen at every step."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.organizing import open_circle
from tests.journeys.visitor import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MAX_TAB_STEPS = 90
# Its name, whether a frame is drawn around it (or its row, or the field it stands in), and whether nothing lies over
# it.
FOCUS = """() => {
    const element = document.activeElement, box = element.getBoundingClientRect();
    const parent = element.parentElement;
    const looks = [getComputedStyle(element), getComputedStyle(element, '::after'), getComputedStyle(parent)];
    const framed = looks.some(style => {
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
    });
    const middle = element.getClientRects()[0] || box;
    const hit = document.elementFromPoint(middle.x + middle.width / 2, middle.y + middle.height / 2);
    return {
        name: (element.innerText || element.value || element.name || '').trim(),
        framed: framed,
        on_top: !!hit && (element.contains(hit) || hit.contains(element)),
    };
}"""


@pytest.mark.parametrize(("language", "screen", "who"), [("en", DESKTOP, "person0051"), ("nl", PHONE, "person0052")])
def test_a_seat_is_found_and_taken_with_the_keyboard(visit, language, screen, who) -> None:
    visitor = visit(language, screen=screen)
    visitor.become(who)
    visitor.open("/")
    keyboard = visitor.page.keyboard

    keyboard.press("Tab")
    assert _focus(visitor)["name"] == visitor.word("Skip to the content")
    keyboard.press("Enter")
    _tab_to(visitor, "^(q|)$")
    keyboard.type("online")
    keyboard.press("Enter")
    expect(visitor.page).to_have_url(re.compile(r"[?&]q=online"))
    title = visitor.page.locator("a.session-title").first.inner_text().splitlines()[0].strip()
    _tab_to(visitor, re.escape(title))
    keyboard.press("Enter")
    expect(visitor.page.locator("h1")).to_have_text(title)
    _tab_to(visitor, visitor.word("Take a seat"))
    keyboard.press("Enter")
    visitor.reads("You have a seat.")
    _tab_to(visitor, visitor.word("Undo"))
    keyboard.press("Enter")
    visitor.reads("You have given back your seat.")


def test_filters_open_and_close_with_the_keyboard(visit) -> None:
    visitor = visit("en")
    visitor.open("/")
    keyboard, menu = visitor.page.keyboard, visitor.page.locator("details.menu").nth(1)

    _tab_to(visitor, f"{menu.locator('summary').inner_text()}$")
    keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    visitor.look()
    keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    keyboard.press("Enter")
    _tab_to(visitor, "Training")
    keyboard.press("Enter")

    expect(visitor.page).to_have_url(re.compile(r"kind=TRAINING"))
    _tab_to(visitor, "Clear")


@pytest.mark.parametrize(("language", "screen", "who"), [("nl", DESKTOP, "person0053"), ("en", PHONE, "person0054")])
def test_dates_to_wait_for_and_tables_of_a_conference_are_chosen_with_the_keyboard(
    visit, language, screen, who
) -> None:
    organizer, visitor = visit("en"), visit(language, screen=screen)
    organizer.become("organiser")
    circle = open_circle(organizer, title=f"A circle by keyboard, {language}", seats=1)
    organizer.open(circle.page)
    organizer.page.locator("aside.reach button").click()
    visitor.become(who)
    keyboard = visitor.page.keyboard

    visitor.open(circle.event_page)
    _tab_to(visitor, "any$|1$")
    keyboard.press("Space")
    _tab_to(visitor, visitor.word("Join the waiting list"))
    keyboard.press("Enter")
    expect(visitor.page.locator(".notice-wait")).to_be_visible()

    visitor.open("/events/work-conference/")
    _tab_to(visitor, "none$|[0-9a-f-]{36}$")
    keyboard.press("ArrowUp")
    _tab_to(visitor, visitor.word("Save my choices"))
    keyboard.press("Enter")
    visitor.reads("Your choices are saved.")


def _tab_to(visitor, name) -> None:
    for _ in range(MAX_TAB_STEPS):
        visitor.page.keyboard.press("Tab")
        focus = _focus(visitor)
        assert focus["framed"], f"no frame around {focus['name']!r}"
        assert focus["on_top"], f"{focus['name']!r} is covered"
        if re.match(name, focus["name"]):
            return
    pytest.fail(f"Tab does not reach {name!r}")


def _focus(visitor) -> dict[str, Any]:
    found: dict[str, Any] = visitor.page.evaluate(FOCUS)
    return found
