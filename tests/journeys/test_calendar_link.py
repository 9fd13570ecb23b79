"""Somebody subscribes to their sessions, and ends the link that got into the wrong hands."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_link_is_copied_and_renewed(visit, language) -> None:
    visitor = visit(language)
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.become("person0031" if language == "en" else "person0032")
    visitor.open("/my/calendar/")
    address = visitor.page.locator("#feed-address").input_value()

    visitor.press("Copy")
    visitor.page.get_by_role("button", name=visitor.word("Copied")).wait_for()
    assert visitor.page.evaluate("navigator.clipboard.readText()") == address
    assert visitor.page.request.get(address).status == 200

    visitor.press("Make a new link")
    visitor.reads("You have a new link. The old one has stopped, in every calendar that used it.")
    assert visitor.page.locator("#feed-address").input_value() != address
    assert visitor.page.request.get(address).status == 404
    visitor.look()


def test_without_a_script_the_address_is_there_to_be_copied(visit) -> None:
    visitor = visit("en", javascript=False)
    visitor.open("/feeds/?kind=training")

    assert visitor.page.locator("#feed-address").input_value().endswith("/feeds/kinds/training.ics")
    assert not visitor.page.get_by_role("button", name="Copy").is_visible()
