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

    visitor.follow("By month")
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


@pytest.mark.parametrize(("language", "screen"), [("en", PHONE), ("nl", DESKTOP)])
def test_a_series_is_one_card_with_its_dates(visit, language, screen) -> None:
    visitor = visit(language, screen=screen)
    visitor.open("/")

    visitor.follow("By series")

    page = visitor.page
    expect(page).to_have_url(re.compile(r"/\?view=series$"))
    mindlab = page.locator(".series", has_text="Mindlab").first
    expect(mindlab).to_contain_text("13")
    expect(mindlab.locator(".series-next")).to_contain_text({"en": "Next", "nl": "Eerstvolgende"}[language])
    visitor.look()
    page.locator("summary", has_text=visitor.word("Language")).click()
    visitor.follow("Dutch")
    expect(page).to_have_url(re.compile("view=series&language=nl"))
    page.locator(".date-chips a").first.click()
    expect(page).to_have_url(re.compile("/sessions/"))


@pytest.mark.parametrize(("language", "screen"), [("en", PHONE), ("nl", DESKTOP)])
def test_only_what_is_for_me_stays_chosen(visit, language, screen) -> None:
    visitor = visit(language, screen=screen)
    page = visitor.page
    visitor.become("person0178")
    visitor.open("/?view=series")
    locked = page.locator("use[href$='#lock']")
    expect(locked.first).to_be_attached()

    visitor.press("Only what is for me")

    switch = page.get_by_role("button", name=visitor.word("Only what is for me"))
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(r"/\?view=series$"))
    expect(locked).to_have_count(0)
    visitor.look()
    visitor.press("Sign out")
    visitor.become("person0178")
    visitor.open("/")
    expect(switch).to_have_attribute("aria-pressed", "true")
    visitor.press("Only what is for me")
    expect(switch).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize(("language", "word"), [("en", "harassment"), ("nl", "grensoverschrijdend")])
def test_somebody_who_asks_for_help_finds_it_first(visit, language, word) -> None:
    visitor = visit(language, screen=PHONE)
    visitor.open("/")
    page = visitor.page
    field = page.get_by_role("searchbox")

    field.click()
    page.wait_for_function("() => window.htmx")
    field.press_sequentially(word)

    first = page.locator("#sessions > :first-child")
    expect(first).to_have_class(re.compile("help-first"))
    visitor.look()
    for emergency in page.get_by_role("link", name="112").all():
        box = emergency.bounding_box()
        assert box is not None
        assert box["height"] >= 44


@pytest.mark.parametrize("language", ["en", "nl"])
def test_somebody_who_found_nothing_is_offered_what_is_near(visit, language) -> None:
    visitor = visit(language)
    visitor.open("/?q=mindlap+firts")
    visitor.reads("Did you mean one of these?")
    visitor.look()

    visitor.open("/?kind=PERFORMANCE&from=2020-01-01&to=2020-01-01")
    visitor.reads("On other days")
    visitor.follow("Show all days")

    expect(visitor.page).to_have_url(re.compile(r"/\?kind=PERFORMANCE$"))


@pytest.mark.parametrize(("language", "who"), [("en", "person0180"), ("nl", "person0181")])
def test_somebody_asks_to_be_told_of_what_has_no_dates(visit, language, who) -> None:
    visitor = visit(language)
    visitor.become(who)
    visitor.open("/?q=first+series+mindlab")
    visitor.look()

    visitor.press("Tell me when there are dates")

    visitor.reads("We’ll send you one email when there are dates.")
