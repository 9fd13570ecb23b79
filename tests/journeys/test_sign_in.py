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

    expect(visitor.page.get_by_label(visitor.word("Your e-mail address"))).to_be_visible()
    visitor.look()
    _type_the_code(visitor, inbox, who)
    _introduce(visitor, name=who.title())
    visitor.reads("You have a seat.")
    assert "/sessions/" in visitor.page.url
    visitor.look()
    assert inbox.next().method == "REQUEST"

    visitor.press("Sign out")
    expect(visitor.page.get_by_role("link", name=visitor.word("Sign in"))).to_be_visible()


def _type_the_code(visitor, inbox, who) -> None:
    visitor.page.get_by_label(visitor.word("Your e-mail address")).fill(f"{who}@demo.example")
    visitor.press("Send me a code")
    code = visitor.page.get_by_label(visitor.word("Your code"))
    code.fill("WRONG0")
    visitor.press("Sign in")
    expect(visitor.page.get_by_role("alert")).to_be_visible()
    visitor.look()
    code.fill(inbox.next().subject.rsplit(" ", 1)[-1])
    visitor.press("Sign in")


def _introduce(visitor, *, name) -> None:
    page = visitor.page
    expect(page.get_by_label(visitor.word("Your name"))).to_be_visible()
    visitor.look()
    visitor.press("Continue to my seat")
    expect(page.locator(".is-invalid").first).to_be_visible()
    visitor.look()
    page.get_by_label(visitor.word("Your name")).fill(name)
    page.get_by_label(visitor.word("Where you work or study")).select_option(index=2)
    page.get_by_role("radio").first.check()
    visitor.press("Continue to my seat")
