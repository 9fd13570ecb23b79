"""A board member reads the figures; nobody else does."""

from __future__ import annotations

import csv
import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_board_member_reads_the_figures(visit) -> None:
    board = visit("en")
    board.become("board")
    board.follow("Board")
    expect(board.page.locator("h1")).to_contain_text("The figures of")
    expect(board.page.locator(".tiles > div")).not_to_have_count(0)
    expect(board.page.locator("svg[role=img]").first).to_be_visible()
    expect(board.page.locator("main table").first).to_be_visible()
    board.look()

    board.follow("What the figures mean")
    expect(board.page.locator("h1")).to_have_text("What the figures mean")
    board.look()
    board.follow("To the figures")
    with board.page.expect_download() as saved:
        board.follow("Figures as CSV")

    assert re.fullmatch(r"samen-\d{4}-\d{2}\.csv", saved.value.suggested_filename)
    with saved.value.path().open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    assert len(rows) > 10
    assert "demo.example" not in str(rows)

    board.page.locator("details.menu summary").click()
    board.page.locator(".menu-list a").nth(1).click()
    expect(board.page).to_have_url(re.compile(r"/board/\d{4}-\d{2}/$"))
    board.look()


@pytest.mark.parametrize("who", ["student", "organiser", "host", "door", "admin"])
def test_others_are_refused(visit, who) -> None:
    visitor = visit("nl")
    visitor.become(who)

    expect(visitor.page.get_by_role("link", name=visitor.word("Board"), exact=True)).to_have_count(0)
    visitor.open("/board/", status=403)
    visitor.open("/board/definitions/", status=403)
    visitor.open("/board/2026-10/figures.csv", status=403)
