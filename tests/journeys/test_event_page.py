"""Finding the right date on the page of an event, in both languages, also without a script."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(
    ("language", "screen", "javascript"), [("en", PHONE, True), ("nl", DESKTOP, True), ("nl", PHONE, False)]
)
def test_somebody_narrows_the_dates_to_a_language_and_reads_the_way_there(visit, language, screen, javascript) -> None:
    visitor = visit(language, screen=screen, javascript=javascript)
    visitor.open("/events/mindlab/")
    bar, dates = visitor.page.locator("aside.reach"), visitor.page.locator("#dates .session")
    spoken = visitor.word("English" if language == "en" else "Dutch")
    expect(bar).to_contain_text(spoken)
    number = dates.count()

    visitor.page.locator(f"#dates .filters a[href*='language={language}']").click()

    assert 0 < dates.count() < number
    expect(dates.first).to_contain_text(spoken)
    visitor.page.locator("#dates .filters a[aria-current]").click()
    expect(dates).to_have_count(number)
    dates.nth(1).locator(".session-when a").click()
    visitor.page.get_by_role("link", name=visitor.word("How to find it")).first.click()
    expect(visitor.page.locator("#way")).to_contain_text(visitor.word("Without steps"))
    assert "openstreetmap.org" in str(visitor.page.locator("#way a").last.get_attribute("href"))
    if javascript:
        visitor.look()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_questions_open_and_a_link_is_copied_and_a_date_goes_into_another_calendar(visit, language) -> None:
    visitor = visit(language)
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.open("/events/active-bystander/")
    question = visitor.page.locator("details.question").first
    answer = question.locator(".prose")
    expect(answer).to_be_hidden()
    question.locator("summary").click()
    expect(answer).to_be_visible()

    visitor.press("Copy link")

    expect(visitor.page.get_by_role("button", name=visitor.word("Copied"))).to_be_visible()
    assert visitor.page.evaluate("navigator.clipboard.readText()").endswith("/events/active-bystander/")
    visitor.look()
    visitor.page.locator("#dates .session-when a").last.click()
    visitor.page.get_by_text(visitor.word("Put the date in your calendar")).click()
    address = visitor.page.get_by_role("link", name="Google Calendar").get_attribute("href")
    assert parse_qs(urlsplit(str(address)).query)["details"][0].endswith(urlsplit(visitor.page.url).path)
    visitor.look()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_how_the_waiting_list_works_is_told_where_a_date_is_full(visit, language) -> None:
    visitor = visit(language)
    visitor.open("/events/active-bystander/")
    rule = visitor.page.locator("#waiting-list")
    expect(rule.locator("dl, ul")).to_be_hidden()

    rule.get_by_text(visitor.word("How the waiting list works")).click()

    expect(rule.locator("dl, ul")).to_be_visible()
    visitor.look()
