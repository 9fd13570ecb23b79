"""Feedback with a code, by somebody of whom nothing is known or kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.letters import Inbox

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CODE = r"([0-9A-Z]{4}-){6}[0-9A-Z]{2}"


@pytest.mark.parametrize(("language", "who"), [("en", "staff"), ("nl", "manager")])
def test_a_code_is_spent_once_and_nothing_is_kept(visit, house, language, who) -> None:
    """The demo has mailed its people the codes of a conversation that they were in."""
    code = Inbox(house.mail, f"{who}@demo.example", from_the_first=True).next().found(CODE)
    visitor = visit(language)
    visitor.refusals_expected.add(422)
    visitor.open("/feedback/")
    visitor.look()
    visitor.press("Send my answers")
    visitor.reads("Please copy the code from our email.")
    visitor.look()

    _answer(visitor, code.lower().replace("-", " "))

    expect(visitor.page.locator("h1")).to_have_text(visitor.word("Thank you"))
    visitor.look()
    assert visitor.context.cookies() == []
    assert code not in visitor.page.url
    visitor.open("/feedback/")
    _answer(visitor, code)
    visitor.reads("Nothing is sent yet, and all that you filled in is still here.")
    expect(visitor.page.get_by_role("textbox").last).to_have_value("It did me good. / Het deed me goed.")
    expect(_choice(visitor, "relevant", "5").locator("input")).to_be_checked()
    visitor.look()
    assert visitor.context.cookies() == []


def test_the_other_language_is_in_the_address(visit) -> None:
    visitor = visit("en")
    visitor.open("/feedback/")

    visitor.page.get_by_role("link", name="Nederlands").click()

    expect(visitor.page.locator("html")).to_have_attribute("lang", "nl")
    assert visitor.context.cookies() == []


def _answer(visitor, code) -> None:
    page = visitor.page
    page.get_by_label(visitor.word("Your code")).fill(code)
    for item, answer in (("relevant", "5"), ("free", "NA"), ("confident", "4"), ("confident_before", "2")):
        _choice(visitor, item, answer).click()
    page.get_by_role("textbox").last.fill("It did me good. / Het deed me goed.")
    visitor.press("Send my answers")


def _choice(visitor, item, answer):
    return visitor.page.locator(f"label:has(input[name={item}][value='{answer}'])")
