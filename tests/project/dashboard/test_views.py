from __future__ import annotations

import csv
import re
from datetime import date
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from project.accounts.enums import RoleKind
from project.dashboard.models import PublishedCell
from tests.factories import give_role, make_event, make_person, make_session, make_unit
from tests.project.dashboard.programme import (
    FEBRUARY,
    MARCH,
    absent,
    count_heads,
    hold,
    make_block,
    make_crowd,
    make_march,
    register,
    release,
    waited,
)
from tests.project.support.sheets import cells_of

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)
PAGES = [
    "/board/",
    "/board/definitions/",
    "/board/2026-03/",
    "/board/2026-03/figures.csv",
    "/board/2026-03/figures.xlsx",
]
MAY_BE_ASKED = {
    "dashboard_release",
    "dashboard_publishedcell",
    "django_session",
    "accounts_user",
    "accounts_role",
    "accounts_unit",  # the signed-in person is loaded with their unit
}


@pytest.fixture
def board(client: Client) -> Client:
    client.force_login(give_role(make_person(), RoleKind.BOARD))
    return client


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("role", [RoleKind.BOARD, RoleKind.COORDINATOR])
def test_board_is_open_to_board_and_coordinators(client: Client, address: str, role: RoleKind) -> None:
    release(MARCH)
    client.force_login(give_role(make_person(), role))

    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("role", [None, *sorted(set(RoleKind) - {RoleKind.BOARD, RoleKind.COORDINATOR})])
def test_board_is_closed_to_everybody_else(client: Client, address: str, role: RoleKind | None) -> None:
    release(MARCH)
    person = make_person()
    if role in {RoleKind.HOST, RoleKind.DOOR}:
        give_role(person, role, session=make_session())
    elif role:
        give_role(person, role)
    client.force_login(person)

    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", PAGES)
def test_board_redirects_visitors_to_sign_in(client: Client, address: str) -> None:
    release(MARCH)

    answer = client.get(address)

    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("language", ["en", "nl"])
def test_overview_without_a_release_says_when_the_first_comes(board: Client, language: str) -> None:
    answer = board.get("/board/", headers={"Accept-Language": language})

    assert answer.status_code == 200
    assert "figures.csv" not in answer.text


@pytest.mark.parametrize(
    "path", ["2026-04/", "2026-13/", "2026-00/", "0000-01/", "2026-3/", "march/", "2026-04/figures.csv", "2026-03/T1/"]
)
def test_overview_of_an_unreleased_month_is_404(board: Client, path: str) -> None:
    release(MARCH)

    assert board.get(f"/board/{path}").status_code == 404


def test_overview_sums_up_the_month_in_a_sentence(board: Client) -> None:
    make_march()
    release(MARCH)

    text = _text(board.get("/board/"))

    assert "The figures of March 2026" in text
    assert "2 of the 4 sessions planned were held." in text
    assert "They reached about 40 people, who used about 55 seats." in text
    assert "Attendance was recorded in 2 of 3 sessions that were not cancelled." in text


def test_overview_links_each_number_to_its_definition(board: Client) -> None:
    make_year()

    page = board.get("/board/").text
    definitions = board.get("/board/definitions/").text

    anchors = set(re.findall(r'href="/board/definitions/#([^"]+)"', page))
    assert {"m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m11", "m13", "m15", "waited", "interval"} <= anchors
    assert all(f'<div id="{anchor}">' in definitions for anchor in anchors)


def test_overview_shows_all_suppressed_figures_alike(board: Client) -> None:
    make_march()
    release(MARCH)

    text = _text(board.get("/board/"))

    cells = PublishedCell.objects.all()
    hidden = cells.filter(value=None).count()
    assert f"That holds for {hidden} of the {cells.count()} figures on this page." in text
    assert "Given back late" in text
    assert "about 15 %" in text  # 10 of 65 did not come
    assert "about 69 %" in text  # 55 of 80 seats
    assert " – not shown " in text


def test_overview_shows_reach_with_a_chart_of_the_same_numbers(board: Client) -> None:
    make_year()

    page = board.get("/board/2026-05/")

    drawing = page.text[page.text.index("<svg viewBox") : page.text.index("</figure>")]
    assert "Reach per unit, September 2025 to February 2026" in drawing
    assert "Faculty abe: about 29 %; Faculty me: – not shown; Other units: – not shown" in drawing
    assert drawing.count("<rect") == 1
    assert "style=" not in drawing
    assert "Preliminary" in _text(page)


def test_overview_of_a_past_month_shows_nothing_later(board: Client) -> None:
    make_year()

    page = _text(board.get("/board/2026-02/"))

    assert "The figures of February 2026" in page
    assert "Among those who answered" not in page


def test_overview_shows_answers_with_their_number(board: Client) -> None:
    make_year()

    text = _text(board.get("/board/2026-05/"))

    assert "I would advise colleagues or fellow students to take part. agree 85 % 63 to 95 % 20" in text
    assert "85 % n ≥ 20" in text
    assert "Between 50 and 75 % of those invited answered" in text


def test_overview_sums_up_support_sessions_in_a_sentence(board: Client) -> None:
    event = make_event(slug="k7q2m9", title_en="Interviewing skills", is_discreet=True)
    register(hold(event, date(2026, 3, 5)), make_crowd(23))
    release(date(2026, 8, 1))

    answer = board.get("/board/")

    assert "In the academic year 2025–2026: seats used 25, people 25." in _text(answer)
    assert "Interviewing" not in answer.text
    assert "k7q2m9" not in answer.text


def test_overview_in_dutch_writes_no_coordinate_with_a_comma(board: Client) -> None:
    make_year()

    page = board.get("/board/2026-05/", headers={"Accept-Language": "nl"}).text

    drawing = page[page.index("<svg viewBox") : page.index("</figure>")]
    assert not re.search(r'(?:x|y|width|height|viewBox)="[^"]*,', drawing)
    assert "Faculteit abe" in drawing


@pytest.mark.parametrize("address", PAGES)
def test_board_reads_only_releases_and_the_signed_in_person(board: Client, address: str) -> None:
    make_year()
    make_march_of_board()

    with CaptureQueriesContext(connection) as queries:
        board.get(address)

    asked = {table for query in queries for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    assert "dashboard_release" in asked
    assert asked <= MAY_BE_ASKED


def test_board_takes_the_same_queries_for_one_activity_and_thirty(board: Client) -> None:
    hold(make_event(), date(2026, 2, 5))
    release(FEBRUARY)
    for _ in range(30):
        hold(make_event(), date(2026, 3, 5))
    release(MARCH)

    with CaptureQueriesContext(connection) as one:
        board.get("/board/2026-02/")
    with CaptureQueriesContext(connection) as thirty:
        board.get("/board/2026-03/")

    assert len(one) == len(thirty) == 6


def test_figures_are_exactly_the_cells_of_the_page(board: Client) -> None:
    make_year()

    answer = board.get("/board/2026-05/figures.csv")

    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="samen-2026-05.csv"'
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert {(row["table"], row["period"]) for row in rows} == {
        *((table, "2026-05") for table in ("delivery", "T1", "T6", "T7")),
        *((table, "2025-2026-Q3") for table in ("delivery", "T7", "M11", "feedback")),
        *((table, "2025-2026-H1") for table in ("T5", "headcount")),
    }
    shown = {(row["table"], row["row"], row["column"], row["measure"]): row["value"] for row in rows}
    assert shown["T5", "abe", "", "people"] == "55"
    assert shown["T5", "me", "", "people"] == "– not shown"
    assert shown["feedback", "mindlab", "advise", "favourable"] == "85"


def test_figures_of_the_workbook_are_numbers(board: Client) -> None:
    make_year()

    answer = board.get("/board/2026-05/figures.xlsx")

    cells = cells_of(answer.content)
    assert answer["Content-Disposition"] == 'attachment; filename="samen-2026-05.xlsx"'
    values = [row[-1] for row in cells[1:]]
    assert 55 in values
    assert 85 in values
    assert "– not shown" in values
    assert all(isinstance(value, float) or not value.isdigit() for value in values)


def test_figures_contain_no_formula(board: Client) -> None:
    hold(make_event(title_en='=HYPERLINK("https://example.org")', title_nl="@cmd"), date(2026, 3, 5))
    release(MARCH)

    text = board.get("/board/2026-03/figures.csv").content.decode("utf-8-sig")

    fields = [field for row in csv.reader(StringIO(text)) for field in row]
    assert '\'=HYPERLINK("https://example.org")' in fields
    assert not [field for field in fields if field.startswith(("=", "+", "-", "@"))]


def test_definitions_list_the_releases_with_their_digest(board: Client) -> None:
    march = release(MARCH)

    text = _text(board.get("/board/definitions/"))

    assert march.digest in text
    assert "A count of people or seats below 10 is not shown, and the others are rounded to 5." in text


def test_board_is_never_written_to(board: Client) -> None:
    release(MARCH)

    assert {board.post(address).status_code for address in PAGES} == {405}


def make_year() -> None:
    """Makes February with reach, and May with answers and people who waited without getting a seat."""
    abe, me, small = make_unit("abe"), make_unit("me"), make_unit("small")
    count_heads(abe, 190)
    count_heads(me, 400)
    count_heads(small, 20)
    event = make_event(slug="mindlab", title_en="Mindlab", title_nl="Mindlab NL")
    register(hold(event, date(2025, 11, 4)), [*make_crowd(55, abe), *make_crowd(4, me), *make_crowd(3, small)])
    session = hold(event, date(2026, 5, 5), capacity=60)
    register(session, make_crowd(44, abe))
    absent(session, make_crowd(12, abe))
    waited(session, make_crowd(21, me))
    make_block(session, date(2026, 5, 19), agree=17, disagree=3)
    release(FEBRUARY)
    release(MAY)


def make_march_of_board() -> None:
    make_march()
    release(MARCH)


def _text(answer: object) -> str:
    """Returns the visible text, with single spaces."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.text, flags=re.DOTALL)  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace(" .", ".").replace(" ,", ",")
