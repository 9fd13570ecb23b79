"""A visitor whom nobody knows wants a seat, and ends with it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(("language", "who"), [("en", "newcomer"), ("nl", "nieuwkomer")])
def test_the_wish_survives_signing_in(visit, inbox_of, language, who) -> None:
    visitor, inbox = visit(language), inbox_of(who)
    visitor.open("/events/executive-board-online/")

    visitor.press("Take a seat")

    expect(visitor.page.get_by_label(visitor.word("Your email address"))).to_be_visible()
    visitor.look()
    _type_the_code(visitor, inbox, who)
    visitor.reads("You have a seat.")  # two fields so far: address and code
    _introduce(visitor, name=who.title())
    visitor.reads("You have a seat.")
    assert "/sessions/" in visitor.page.url
    visitor.look()
    assert inbox.next().method == "REQUEST"

    _switch_the_language(visitor, language)
    visitor.press("Sign out")
    expect(visitor.page.get_by_role("link", name=visitor.word("Sign in"))).to_be_visible()


def _type_the_code(visitor, inbox, who) -> None:
    visitor.page.get_by_label(visitor.word("Your email address")).fill(f"{who}@demo.example")
    visitor.press("Send me a code")
    code = visitor.page.get_by_label(visitor.word("Your code"))
    code.fill("WRONG0")
    visitor.press("Sign in")
    expect(visitor.page.get_by_role("alert")).to_be_visible()
    visitor.look()
    assert code.get_attribute("inputmode") == "numeric"
    mailed = inbox.next().subject.rsplit(" ", 1)[-1]
    code.fill(f"{mailed[:4]} {mailed[4:]}")
    visitor.press("Sign in")


def _introduce(visitor, *, name) -> None:
    page = visitor.page
    expect(page.get_by_label(visitor.word("Your name"))).to_be_visible()
    visitor.look()
    visitor.press("Save")
    expect(page.locator(".is-invalid").first).to_be_visible()
    visitor.look()
    page.get_by_label(visitor.word("Your name")).fill(name)
    page.get_by_label(visitor.word("Where you work or study")).select_option(index=2)
    page.get_by_role("radio").first.check()
    visitor.press("Save")


def _switch_the_language(visitor, language) -> None:
    """Once we ask whether the mails follow, in the language of the page then; after the answer never again."""
    other = "en" if language == "nl" else "nl"
    names = {"en": "English", "nl": "Nederlands"}
    visitor.page.get_by_role("button", name=names[other]).click()
    visitor.language = other
    visitor.look()
    visitor.page.locator(".question button[value=no]").click()
    expect(visitor.page.locator(".question")).to_have_count(0)
    visitor.page.get_by_role("button", name=names[language]).click()
    visitor.language = language
    visitor.page.get_by_role("button", name=names[other]).click()
    visitor.language = other
    expect(visitor.page.locator(".question")).to_have_count(0)
    visitor.page.get_by_role("button", name=names[language]).click()
    visitor.language = language
