"""Everything works without a script; with one, searching is quicker."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(("language", "who"), [("en", "person0061"), ("nl", "person0062")])
def test_a_seat_is_found_taken_and_given_back_without_a_script(visit, language, who) -> None:
    visitor = visit(language, javascript=False)
    visitor.become(who)
    visitor.open("/")
    page, sessions = visitor.page, visitor.page.locator("#sessions .session")
    everything = sessions.count()

    page.locator("details.menu summary").nth(4).click()
    page.locator("details.menu").nth(4).locator("a[href*='language=en']").first.click()
    expect(page).to_have_url(re.compile(r"language=en"))
    page.locator("#id_q").fill("executive-board-nothing")
    visitor.press("Search")
    expect(sessions).to_have_count(0)
    visitor.follow("Clear")
    page.locator("#id_q").fill("online")
    visitor.press("Search")
    expect(page.locator("#id_q")).to_have_value("online")
    assert 0 < sessions.count() < everything

    page.locator("a.session-title").first.click()
    visitor.press("Take a seat")
    visitor.reads("You have a seat.")
    visitor.press("Undo")
    visitor.reads("You have given back your seat.")
    visitor.press("Undo: take my seat again")
    visitor.reads("You have a seat.")


def test_the_language_changes_without_a_script(visit) -> None:
    visitor = visit("en", javascript=False)
    visitor.open("/initiatives/")

    visitor.page.get_by_role("button", name="Nederlands").click()

    expect(visitor.page.locator("html")).to_have_attribute("lang", "nl")
    expect(visitor.page).to_have_url(re.compile("/initiatives/$"))


def test_what_was_typed_before_the_script_came_is_searched(visit) -> None:
    visitor = visit("en")
    visitor.open("/?language=en")
    sessions = visitor.page.locator("#sessions .session")
    before = sessions.count()
    held: list[Route] = []

    def hold(route: Route) -> None:  # Playwright takes no built-in method
        held.append(route)

    visitor.page.route("**/htmx*.js", hold)

    visitor.page.locator("#id_q").press_sequentially("bystander")
    visitor.page.wait_for_timeout(100)
    held.pop().continue_()

    expect(visitor.page).to_have_url(re.compile("q=bystander"))
    expect(visitor.page.locator("#sessions")).not_to_contain_text("Mindlab")
    assert 0 < sessions.count() < before
    assert "language=en" in visitor.page.url
    visitor.look()
