from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from events.enums import EventKind, EventStatus
from feedback.models import Ballot, Comment, Intake, Survey, Tally
from feedback.rules.questionnaire import ITEMS
from feedback.services import ballots, limits
from project.accounts.enums import RoleKind
from project.text import texts
from tests.factories import give_role, make_event, make_organizer, make_person, make_session, make_unit
from tests.feedback.surveys import ALL_AGREE, CLOSED, MORNING, make_counted_session, make_held_session

pytestmark = pytest.mark.django_db

PAGE = "/feedback/"


@pytest.fixture
def code() -> str:
    return ballots.issue_slips(session_key=make_held_session(1).key, now=MORNING)[0]


@pytest.fixture(autouse=True)
def _on_that_morning() -> object:
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


def test_page_shows_all_items_whatever_the_event(client: Client) -> None:
    page = client.get(PAGE).content.decode()

    for item in ITEMS:
        assert item.en in page
    assert page.count('type="radio"') == (4 + 3 * 2) * 6
    assert "Leave this page" in page
    assert 'id="help"' in page


@pytest.mark.parametrize("headers", [{"accept-language": "nl"}, {}])
def test_page_speaks_dutch_by_address_or_browser(client: Client, headers: dict[str, str]) -> None:
    page = client.get(PAGE if headers else f"{PAGE}?lang=nl", headers=headers)

    assert page["Content-Language"] == "nl"
    assert "Deze sessie sloot aan bij mijn eigen werk of studie." in page.content.decode()
    assert f'action="{PAGE}?lang=nl"' in page.content.decode()


def test_page_ignores_a_language_that_it_does_not_speak(client: Client) -> None:
    assert client.get(f"{PAGE}?lang=../x").status_code == 200


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}thanks/"])
def test_page_leaves_nothing_behind(
    client: Client, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Also for somebody who is signed in: neither their session nor their account is looked at."""
    client.force_login(make_person())
    client.cookies["language"] = "nl"

    with django_assert_num_queries(0):
        page = client.get(path)

    assert page.status_code == 200
    assert page.cookies == {}
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "Cookie" not in page["Vary"]
    assert "csrf" not in page.content.decode()


def test_get_and_head_spend_nothing(client: Client, code: str) -> None:
    for request in (client.get, client.head):
        assert request(PAGE, {"code": code, **ALL_AGREE}).status_code == 200

    assert (Ballot.objects.count(), Intake.objects.count()) == (1, 0)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert getattr(client, method)(PAGE).status_code == 405


def test_post_spends_the_code_and_thanks(code: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Without any token or cookie: the code is the credential."""
    client = Client(enforce_csrf_checks=True)

    with django_assert_num_queries(
        5
    ):  # BEGIN, survey, ballot, answer, COMMIT; inside a test savepoints stand for the outer two
        answer = client.post(f"{PAGE}?lang=nl", {"code": code.lower(), **ALL_AGREE, "comment": "  Fine.  "})

    assert (answer.status_code, answer["Location"]) == (302, "/feedback/thanks/?lang=nl")
    assert answer.cookies == {}
    assert "Cookie" not in answer["Vary"]
    assert Intake.objects.get().answers == ALL_AGREE | {"comment": "Fine."}


def test_post_twice_spends_once(client: Client, code: str) -> None:
    first, second = (client.post(PAGE, {"code": code, **ALL_AGREE}) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 422)
    assert Intake.objects.count() == 1


def test_thanks_page_says_where_to_talk_to_someone(client: Client) -> None:
    page = client.get(f"{PAGE}thanks/").content.decode()

    assert page.count('id="help"') == 1
    assert "adviser@demo.example" in page


def test_unknown_used_and_closed_codes_get_the_same_page(client: Client) -> None:
    used, late = ballots.issue_slips(session_key=make_held_session(2).key, now=MORNING)
    client.post(PAGE, {"code": used, **ALL_AGREE})

    pages = []
    for typed, moment in [(ballots.new_code(), MORNING), (used, MORNING), (late, CLOSED), ("WRONG", MORNING)]:
        with time_machine.travel(moment, tick=False):
            page = client.post(PAGE, {"code": typed, **ALL_AGREE})
        pages.append((page.status_code, page.content.decode().replace(typed, "")))

    assert pages[0][0] == 422
    assert "We cannot use this code." in pages[0][1]
    assert len(set(pages)) == 1
    assert (Intake.objects.count(), Ballot.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": ""}, "Please copy the code from our email."),
        ({"code": "7" * 101}, "at most 100 characters"),
        ({"code": "7K3M\x00"}, "Null characters are not allowed"),
        ({"free": "6"}, "Please choose one of the answers below."),
        ({"free": "-1"}, "Please choose one of the answers below."),
        ({"recognise_before": "five"}, "Please choose one of the answers below."),
        ({"know_where": "NO"}, "Please choose one of the answers below."),
        ({"comment": "x" * 100_000}, "at most 2000 characters"),
        ({"comment": "nul \x00 byte"}, "There is a control character here"),
        ({"comment": "bell \x07"}, "There is a control character here"),
        ({"comment": "\x9b2J"}, "There is a control character here"),
    ],
)
def test_bad_input_is_reported_and_keeps_what_was_typed(
    client: Client, code: str, changes: dict[str, str], words: str
) -> None:
    page = client.post(PAGE, {"code": code, **ALL_AGREE, "comment": "Keep <b>this</b> & that", **changes})

    shown = page.content.decode()
    assert page.status_code == 422
    assert words in shown
    assert 'name="advise" value="5" checked' in shown
    assert "comment" in changes or "Keep &lt;b&gt;this&lt;/b&gt; &amp; that" in shown
    assert (Ballot.objects.count(), Intake.objects.count()) == (1, 0)


@pytest.mark.parametrize("answers", [{}, {"comment": "   \n "}, dict.fromkeys(ALL_AGREE, "")])
def test_empty_page_does_not_cost_the_code(client: Client, code: str, answers: dict[str, str]) -> None:
    page = client.post(PAGE, {"code": code, **answers})

    assert page.status_code == 422
    assert "Please answer at least one question." in page.content.decode()
    assert Ballot.objects.count() == 1


def test_post_without_any_data_asks_for_the_code(client: Client) -> None:
    page = client.post(PAGE)

    assert (page.status_code, "Please copy the code" in page.content.decode()) == (422, True)


def test_more_than_the_server_reads_is_a_bad_request(client: Client, code: str) -> None:
    assert client.post(PAGE, {"code": code, "comment": "x" * 3_000_000}).status_code in {400, 413}
    assert Ballot.objects.count() == 1


@pytest.mark.parametrize(
    "comment",
    ["😀 \u202eright to left", "'; DROP TABLE feedback_ballot; --", "=1+1", "../../etc/passwd", "two\r\nlines"],
)
def test_comment_with_odd_characters_is_kept_as_text(client: Client, code: str, comment: str) -> None:
    assert client.post(PAGE, {"code": code, "comment": comment}).status_code == 302
    assert Intake.objects.get().answers["comment"] == texts.paragraphs(comment)


@time_machine.travel(MORNING, tick=False)
def test_too_many_wrong_codes_are_slowed_down(client: Client, code: str) -> None:
    for _ in range(limits.WRONG_CODES.most):
        limits.count_wrong_code(network="127.0.0.1")

    page = client.post(PAGE, {"code": ballots.new_code(), **ALL_AGREE})

    assert (page.status_code, page["Retry-After"]) == (429, "60")
    assert "Too many wrong codes were sent from your network." in page.content.decode()
    assert 'name="advise" value="5" checked' in page.content.decode()
    assert Ballot.objects.count() == 1


@time_machine.travel(MORNING, tick=False)
def test_right_code_is_taken_whatever_others_of_the_network_send(client: Client, code: str) -> None:
    for _ in range(limits.WRONG_CODES.most + 1):
        limits.count_wrong_code(network="127.0.0.1")

    assert client.post(PAGE, {"code": code, **ALL_AGREE}).status_code == 302
    assert not Ballot.objects.exists()


def test_wrong_code_is_counted_and_not_logged(
    client: Client, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    wrong = ballots.new_code()

    client.post(PAGE, {"code": wrong, **ALL_AGREE, "comment": "Something private"})

    logged = "".join(capfd.readouterr()) + caplog.text
    assert wrong not in logged
    assert "private" not in logged


# --- Results -------------------------------------------------------------------------------------------------------


def _results(session_key: object) -> str:
    return f"/organise/sessions/{session_key}/feedback/"


@pytest.fixture
def organizer(client: Client) -> object:
    person = make_organizer(unit=make_unit())
    client.force_login(person)
    return person


MIXED = [ALL_AGREE | {"free": str(number % 5 + 1), "comment": f"Remark <i>{number}</i>"} for number in range(12)]


@pytest.mark.usefixtures("organizer")
def test_results_of_twelve_show_the_spread_and_the_comments(client: Client) -> None:
    session = make_counted_session(MIXED, people=20)

    page = client.get(_results(session.key)).content.decode()

    assert "At least 10 people answered." in page
    assert "That is between 50 and 75 % of those who were there." in page
    assert page.count("<tr>") == 7 * 5
    assert page.count("Remark &lt;i&gt;") == 12
    assert "Compared with before the session, &gt; 95 % say they are higher now" in page


@pytest.mark.usefixtures("organizer")
def test_results_of_eight_show_three_classes_and_no_comment(client: Client) -> None:
    session = make_counted_session(MIXED[:8])

    page = client.get(_results(session.key)).content.decode()

    assert "At least 8 people answered." in page
    assert page.count("<tr>") == 7 * 3
    assert Comment.objects.count() == 8
    assert "Remark" not in page


@pytest.mark.usefixtures("organizer")
def test_results_of_seven_show_nothing(client: Client) -> None:
    session = make_counted_session(MIXED[:7], people=20)

    page = client.get(_results(session.key)).content.decode()

    assert Intake.objects.count() == 7
    assert "Too few answers to show" in page
    assert "<table" not in page
    assert "Remark" not in page


@pytest.mark.usefixtures("organizer")
def test_results_wait_until_the_survey_has_closed(client: Client) -> None:
    session = make_held_session(9)
    for code in ballots.issue_slips(session_key=session.key, now=MORNING):
        ballots.cast(code=code, answers=ALL_AGREE, now=MORNING)

    page = client.get(_results(session.key)).content.decode()

    assert "Not yet" in page
    assert "26 March" in page
    assert "<table" not in page


@pytest.mark.usefixtures("organizer")
def test_results_without_a_survey_say_what_is_needed(client: Client) -> None:
    assert "Nobody has been asked yet" in client.get(_results(make_held_session(1).key)).content.decode()


@pytest.mark.usefixtures("organizer")
def test_results_of_a_discreet_session_are_never_shown(client: Client) -> None:
    session = make_counted_session(MIXED, event=make_event(is_discreet=True, title_en="Hidden title"))

    page = client.get(_results(session.key)).content.decode()

    assert Tally.objects.exists()
    assert "Not shown per session" in page
    assert "Remark" not in page
    assert "Hidden title" not in page


@pytest.mark.usefixtures("organizer")
def test_results_leave_out_what_a_conference_does_not_ask(client: Client) -> None:
    session = make_counted_session(MIXED, event=make_event(kind=EventKind.CONFERENCE))

    page = client.get(_results(session.key)).content.decode()

    assert page.count("<tr>") == 5 * 5


@pytest.mark.parametrize(
    ("kind", "unit_code", "status"),
    [
        (RoleKind.ORGANIZER, "me", 200),
        (RoleKind.ORGANIZER, None, 200),
        (RoleKind.COORDINATOR, None, 200),
        (RoleKind.ORGANIZER, "tpm", 403),
        (RoleKind.BOARD, None, 403),
        (RoleKind.ADMINISTRATOR, None, 403),
    ],
)
def test_results_are_for_organisers_of_the_unit(
    client: Client, kind: RoleKind, unit_code: str | None, status: int
) -> None:
    session = make_counted_session(MIXED)
    client.force_login(give_role(make_person(), kind, unit=make_unit(unit_code) if unit_code else None))

    page = client.get(_results(session.key))

    assert page.status_code == status
    assert ("Remark" in page.content.decode()) == (status == 200)


@pytest.mark.parametrize("kind", [RoleKind.HOST, RoleKind.DOOR])
def test_results_are_not_for_hosts_and_the_door(client: Client, kind: RoleKind) -> None:
    session = make_counted_session(MIXED)
    client.force_login(give_role(make_person(), kind, session=session))

    assert client.get(_results(session.key)).status_code == 403


@pytest.mark.parametrize(
    "hidden", [{"status": EventStatus.DRAFT}, {"status": EventStatus.ARCHIVED}, {"is_discreet": True}]
)
@pytest.mark.parametrize("kind", [RoleKind.ORGANIZER, RoleKind.BOARD])
def test_results_tell_nobody_else_that_something_hidden_exists(
    client: Client, kind: RoleKind, hidden: dict[str, object]
) -> None:
    session = make_session(event=make_event(**hidden))
    unit = make_unit("tpm") if kind == RoleKind.ORGANIZER else None
    client.force_login(give_role(make_person(), kind, unit=unit))

    assert client.get(_results(session.key)).status_code == 404


def test_results_ask_to_sign_in_first(client: Client) -> None:
    session = make_counted_session(MIXED)

    page = client.get(_results(session.key))

    assert page.status_code == 302
    assert "/accounts/login" in page["Location"]


@pytest.mark.usefixtures("organizer")
def test_results_of_an_unknown_session_are_not_found(client: Client) -> None:
    assert client.get(_results("00000000-0000-4000-8000-000000000000")).status_code == 404


@pytest.mark.usefixtures("organizer")
@pytest.mark.parametrize("number", [10, 40])
def test_results_cost_the_same_for_few_and_for_many(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    session = make_counted_session((MIXED * 4)[:number])

    with django_assert_num_queries(7):
        client.get(_results(session.key))


@pytest.mark.usefixtures("organizer")
def test_results_are_in_the_language_of_the_reader(client: Client) -> None:
    session = make_counted_session(MIXED)

    page = client.get(_results(session.key), headers={"accept-language": "nl"}).content.decode()

    with translation.override("nl"):
        assert ITEMS[0].text in page
    assert Survey.objects.count() == 1
