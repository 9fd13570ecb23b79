"""Somebody looks for a date that suits them: by period, by month, by words."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(("language", "screen"), [("en", PHONE), ("nl", DESKTOP)])
def test_a_date_is_found_by_period_and_by_month(visit, language, screen) -> None:
    visitor = visit(language, screen=screen)
    visitor.open("/")
    page = visitor.page

    page.locator("summary", has_text=visitor.word("When")).click()
    visitor.follow("Next month")
    expect(page).to_have_url(re.compile(r"\?from=\d{4}-\d\d-01&to="))
    expect(page.locator(".menu.is-set > summary")).to_be_visible()
    visitor.look()

    visitor.follow("Month by month")
    expect(page).to_have_url(re.compile(r"/calendar/\d{4}-\d\d/$"))
    visitor.look()
    visitor.follow("Later")
    page.locator(".month td a").first.click()
    expect(page).to_have_url(re.compile("/sessions/"))


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_first_screen_of_a_phone_shows_two_dates(visit, language) -> None:
    visitor = visit(language, screen=PHONE)

    visitor.open("/")

    second = visitor.page.locator(".session").nth(1).bounding_box()
    assert second is not None
    assert second["y"] + second["height"] <= PHONE["height"]


def test_the_list_changes_while_somebody_types(visit) -> None:
    visitor = visit("en")
    visitor.open("/")
    field = visitor.page.get_by_role("searchbox")

    field.click()
    visitor.page.wait_for_function("() => window.htmx")
    field.press_sequentially("bystander")

    expect(visitor.page).to_have_url(re.compile(r"[?&]q=bystander"))
    titles = visitor.page.locator("a.session-title")
    expect(titles.filter(has_text="Mindlab")).to_have_count(0)
    expect(titles.filter(has_text="Active bystander").first).to_be_visible()
    visitor.look()


def test_words_that_nothing_has_are_said_again(visit) -> None:
    visitor = visit("en")

    visitor.open("/?q=xyzzy")

    visitor.reads("Nothing found for “xyzzy”")
    visitor.reads("Check the spelling")
    visitor.look()
