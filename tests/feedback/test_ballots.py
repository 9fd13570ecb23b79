from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from pytest_django import Settings

from events.enums import EventKind
from feedback.enums import SurveyState
from feedback.models import Ballot, Comment, Intake, Survey, Tally
from feedback.services import ballots
from project.accounts.models import User
from registrations.models import Registration
from tests.factories import make_event, make_session
from tests.feedback.conftest import Mailbox
from tests.feedback.surveys import (
    ALL_AGREE,
    CLOSED,
    CODE,
    EVENING,
    LAST_DAY,
    MORNING,
    make_counted_session,
    make_held_session,
)

pytestmark = pytest.mark.django_db


def _codes(smtp_server: Mailbox) -> list[str]:
    return [CODE.findall(smtp_server.text(number))[0] for number in range(len(smtp_server.mails))]


def _feedback_mails() -> list[str]:
    return sorted(Registration.objects.values_list("feedback_mail", flat=True))


def test_issue_mails_one_code_to_everybody_who_attended(smtp_server: Mailbox) -> None:
    session = make_held_session(3)

    issued = ballots.issue(session_key=session.key, now=MORNING)

    survey = Survey.objects.get(session_key=session.key)
    came = Registration.objects.attended()
    assert (issued, survey.ballots_issued, survey.closes_on.isoformat()) == (3, 3, "2026-03-26")
    assert sorted(str(letter["To"]) for letter in smtp_server.mails) == sorted(
        came.values_list("attendee__email", flat=True)
    )
    assert _feedback_mails() == ["", "SENT", "SENT", "SENT"]


def test_issue_stores_only_the_hashes_of_what_it_mailed(smtp_server: Mailbox) -> None:
    session = make_held_session(3)

    ballots.issue(session_key=session.key, now=MORNING)

    codes = _codes(smtp_server)
    hashes = {hashlib.sha256(code.replace("-", "").encode()).hexdigest() for code in codes}
    assert len(set(codes)) == 3
    assert set(Ballot.objects.values_list("token_hash", flat=True)) == hashes


def test_issue_twice_mails_once(smtp_server: Mailbox) -> None:
    session = make_held_session(2)
    ballots.issue(session_key=session.key, now=MORNING)

    assert ballots.issue(session_key=session.key, now=MORNING) == 0
    assert (len(smtp_server.mails), Ballot.objects.count()) == (2, 2)


def test_issue_mails_no_code_to_inactive_people_until_they_are_back(smtp_server: Mailbox) -> None:
    session = make_held_session(2)
    gone = Registration.objects.attended().select_related("attendee")[0].attendee
    User.objects.filter(pk=gone.pk).update(is_active=False)

    assert ballots.issue_due(now=MORNING) == 1
    assert gone.email not in [str(letter["To"]) for letter in smtp_server.mails]

    User.objects.filter(pk=gone.pk).update(is_active=True)
    assert ballots.issue(session_key=session.key, now=MORNING) == 1
    assert str(smtp_server.mails[-1]["To"]) == gone.email


@pytest.mark.parametrize(
    ("overrides", "now", "code"),
    [({}, EVENING, "too-early"), ({"is_discreet": True}, MORNING, "discreet")],
    ids=["the same evening", "discreet"],
)
def test_issue_is_refused(smtp_server: Mailbox, overrides: dict[str, bool], now: object, code: str) -> None:
    session = make_held_session(2, event=make_event(**overrides))

    with pytest.raises(ballots.UnableToIssue) as refusal:
        ballots.issue(session_key=session.key, now=now)  # type: ignore[arg-type]

    assert refusal.value.code == code
    assert (smtp_server.mails, Survey.objects.count(), Ballot.objects.count()) == ([], 0, 0)


def test_issue_is_refused_before_the_check_in_is_finished(smtp_server: Mailbox) -> None:
    session = make_session(starts_at=EVENING - timedelta(days=3))

    with pytest.raises(ballots.UnableToIssue, match="not-held"):
        ballots.issue(session_key=session.key, now=MORNING)

    assert Survey.objects.count() == 0


def test_issue_due_serves_every_session_whose_morning_has_come(smtp_server: Mailbox) -> None:
    make_held_session(2)
    make_held_session(1)
    make_held_session(1, event=make_event(is_discreet=True))

    assert ballots.issue_due(now=EVENING) == 0
    assert ballots.issue_due(now=MORNING) == 3
    assert ballots.issue_due(now=MORNING) == 0
    assert len(smtp_server.mails) == 3


def test_issue_leaves_people_due_who_could_not_be_reached(smtp_server: Mailbox) -> None:
    session = make_held_session(3)
    smtp_server.replies = ["", "451 later"]

    assert ballots.issue(session_key=session.key, now=MORNING) == 2
    assert (Ballot.objects.count(), _feedback_mails()) == (2, ["", "DUE", "SENT", "SENT"])
    assert ballots.issue(session_key=session.key, now=MORNING + timedelta(minutes=10)) == 1
    assert (Ballot.objects.count(), _feedback_mails()) == (3, ["", "SENT", "SENT", "SENT"])


def test_issue_gives_up_on_an_address_that_does_not_exist(smtp_server: Mailbox) -> None:
    session = make_held_session(2)
    gone = Registration.objects.attended().order_by("pk")[0]
    smtp_server.unknown = {gone.attendee.email}

    assert ballots.issue(session_key=session.key, now=MORNING) == 1
    gone.refresh_from_db()
    assert (gone.feedback_mail, Ballot.objects.count()) == ("", 1)


def test_issue_stops_where_the_mail_server_hangs_up(smtp_server: Mailbox) -> None:
    session = make_held_session(3)
    smtp_server.replies = ["", "HANG UP"]

    assert ballots.issue(session_key=session.key, now=MORNING) == 1
    assert _feedback_mails() == ["", "DUE", "DUE", "SENT"]
    assert ballots.issue(session_key=session.key, now=MORNING) == 2


def test_code_mailed_while_the_survey_closed_does_not_become_valid(smtp_server: Mailbox) -> None:
    session = make_held_session(1)
    survey = ballots._survey_of(session, MORNING)
    ballots.open(survey_id=survey.pk, now=CLOSED)

    codes = {Registration.objects.attended().get().pk: ballots.new_code()}

    assert ballots._write_down(survey, codes) == 0
    assert (Ballot.objects.count(), _feedback_mails()) == (0, ["", "DUE"])


def test_slips_are_refused_before_the_check_in_is_finished() -> None:
    session = make_session(starts_at=EVENING)

    with pytest.raises(ballots.UnableToIssue, match="not-held"):
        ballots.issue_slips(session_key=session.key, now=MORNING)

    assert (Survey.objects.count(), Ballot.objects.count()) == (0, 0)


def test_issue_without_a_mail_server_changes_nothing_and_is_tried_again(
    smtp_server: Mailbox, settings: Settings
) -> None:
    session = make_held_session(2)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9

    assert ballots.issue(session_key=session.key, now=MORNING) == 0
    assert (Ballot.objects.count(), _feedback_mails()) == (0, ["", "DUE", "DUE"])
    settings.EMAIL_PORT = port
    assert ballots.issue(session_key=session.key, now=MORNING) == 2


def test_issue_after_a_crash_leaves_nobody_with_two_codes(
    smtp_server: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies when all mails of the batch are out and nothing is written down."""
    session = make_held_session(9)

    def die(*_: object) -> int:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(ballots, "_write_down", die)
        with pytest.raises(SystemExit):
            ballots.issue(session_key=session.key, now=MORNING)
    ballots.issue(session_key=session.key, now=MORNING)

    codes = _codes(smtp_server)
    refused = 0
    for code in codes:
        try:
            ballots.cast(code=code, answers=ALL_AGREE, now=MORNING)
        except ballots.UnableToAnswer:
            refused += 1
    assert (len(codes), refused, Intake.objects.count()) == (18, 9, 9)
    assert Survey.objects.get().ballots_issued == 9


def test_issue_gives_up_on_people_due_once_the_survey_has_closed(smtp_server: Mailbox) -> None:
    session = make_held_session(2)
    smtp_server.replies = ["451 later", "451 later"]
    ballots.issue(session_key=session.key, now=MORNING)

    assert ballots.issue(session_key=session.key, now=CLOSED) == 0
    assert (smtp_server.mails, _feedback_mails()) == ([], ["", "", ""])


def test_issue_writes_no_row_of_the_outbox_and_no_log_with_a_code(
    smtp_server: Mailbox, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    session = make_held_session(2)
    smtp_server.replies = ["451 You sent: {code}"]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_message")

    ballots.issue(session_key=session.key, now=MORNING)
    ballots.issue(session_key=session.key, now=MORNING)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_message")
        assert cursor.fetchone()[0] == 0
    logged = "".join(capfd.readouterr()) + caplog.text
    assert len(smtp_server.mails) == 2
    assert not CODE.search(logged)
    assert "451" not in logged


def test_mail_holds_the_code_as_text_and_the_same_link_for_everybody(smtp_server: Mailbox) -> None:
    ballots.issue(session_key=make_held_session(2).key, now=MORNING)

    links = [
        word
        for number in range(2)
        for word in (smtp_server.text(number) + smtp_server.html(number)).split()
        if "feedback/" in word
    ]
    assert len({word.removeprefix('href="').rstrip('">') for word in links if "http" in word}) == 1
    for number, code in enumerate(_codes(smtp_server)):
        assert code in smtp_server.html(number)
        assert not any(code in word or code.replace("-", "") in word for word in links)


@pytest.mark.parametrize(("language", "words"), [("en", "Thank you for coming"), ("nl", "feedback/")])
def test_mail_is_in_the_language_of_the_person(smtp_server: Mailbox, language: str, words: str) -> None:
    session = make_held_session(1)
    attendee = Registration.objects.attended().get().attendee
    attendee.language = language
    attendee.save()

    ballots.issue(session_key=session.key, now=MORNING)

    assert words in smtp_server.text()
    assert f'lang="{language}"' in smtp_server.html()
    assert session.event.title not in str(smtp_server.mails[0]["Subject"])
    assert mail.outbox == []


def test_slips_are_as_many_as_were_there_and_stop_the_mails() -> None:
    session = make_held_session(3, event=make_event(is_discreet=True))

    codes = ballots.issue_slips(session_key=session.key, now=EVENING)

    assert (len(set(codes)), Ballot.objects.count(), _feedback_mails()) == (3, 3, ["", "", "", ""])
    with pytest.raises(ballots.UnableToIssue, match="already-issued"):
        ballots.issue_slips(session_key=session.key, now=EVENING)
    assert Ballot.objects.count() == 3


def test_slips_take_the_place_of_mails(smtp_server: Mailbox) -> None:
    session = make_held_session(2)

    ballots.issue_slips(session_key=session.key, now=EVENING)

    assert ballots.issue_due(now=MORNING) == 0
    assert smtp_server.mails == []


def test_cast_spends_the_ballot_and_keeps_the_answers() -> None:
    code, _ = ballots.issue_slips(session_key=make_held_session(2).key, now=MORNING)

    ballots.cast(
        code=code,
        answers={"free": "4", "recognise": "5", "recognise_before": "NA", "comment": "Fine.", "advise": ""},
        now=MORNING,
    )

    assert Ballot.objects.count() == 1
    assert Intake.objects.get().answers == {"free": "4", "recognise": "5", "recognise_before": "NA", "comment": "Fine."}


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: f" {code.replace('-', ' ')} ",
        lambda code: code.replace("0", "o").replace("1", "l"),
    ],
)
def test_cast_takes_a_code_however_it_is_typed(typed: object) -> None:
    code = ballots.issue_slips(session_key=make_held_session(1).key, now=MORNING)[0]

    ballots.cast(code=typed(code), answers=ALL_AGREE, now=MORNING)  # type: ignore[operator]

    assert Intake.objects.count() == 1


def test_cast_drops_items_that_a_conference_leaves_out() -> None:
    session = make_held_session(1, event=make_event(kind=EventKind.CONFERENCE))
    code = ballots.issue_slips(session_key=session.key, now=MORNING)[0]

    ballots.cast(code=code, answers=ALL_AGREE, now=MORNING)

    assert set(ALL_AGREE) - set(Intake.objects.get().answers) == {"confident", "confident_before", "intend"}


def test_cast_refuses_unknown_used_and_closed_codes_alike() -> None:
    used, late = ballots.issue_slips(session_key=make_held_session(2).key, now=MORNING)
    ballots.cast(code=used, answers=ALL_AGREE, now=MORNING)

    refusals = []
    for code, now in [
        ("", MORNING),
        (ballots.new_code(), MORNING),
        (used, MORNING),
        (late, CLOSED),
        ("é" * 90, MORNING),
    ]:
        with pytest.raises(ballots.UnableToAnswer) as refusal:
            ballots.cast(code=code, answers=ALL_AGREE, now=now)
        refusals.append((refusal.value.code, refusal.value.text, str(refusal.value)))

    assert len(set(refusals)) == 1
    assert (Intake.objects.count(), Ballot.objects.count()) == (1, 1)


def test_cast_works_until_the_end_of_the_last_day() -> None:
    code = ballots.issue_slips(session_key=make_held_session(1).key, now=MORNING)[0]

    ballots.cast(code=code, answers=ALL_AGREE, now=LAST_DAY)

    assert Intake.objects.count() == 1


def test_cast_of_an_impossible_answer_spends_nothing() -> None:
    code = ballots.issue_slips(session_key=make_held_session(1).key, now=MORNING)[0]

    with pytest.raises(ValueError, match="6"):
        ballots.cast(code=code, answers={"free": "6"}, now=MORNING)

    assert (Ballot.objects.count(), Intake.objects.count()) == (1, 0)


def test_cast_finds_a_ballot_that_was_being_mixed() -> None:
    first, second = make_held_session(1), make_held_session(1)
    code = ballots.issue_slips(session_key=first.key, now=MORNING)[0]
    ballots.issue_slips(session_key=second.key, now=MORNING)
    survey = Survey.objects.get(session_key=first.key)

    ballots._put_in_the_box(survey, [ballots.new_code()])
    ballots.cast(code=code, answers=ALL_AGREE, now=MORNING)

    assert Intake.objects.get().survey_id == survey.pk


def test_open_is_refused_while_the_survey_takes_answers() -> None:
    code = ballots.issue_slips(session_key=make_held_session(1).key, now=MORNING)[0]
    ballots.cast(code=code, answers=ALL_AGREE, now=MORNING)

    with pytest.raises(ballots.UnableToOpen):
        ballots.open(survey_id=Survey.objects.get().pk, now=LAST_DAY)

    assert (Survey.objects.get().state, Intake.objects.count(), Tally.objects.count()) == (SurveyState.OPEN, 1, 0)


def test_open_leaves_tallies_and_loose_comments_and_no_answer() -> None:
    make_counted_session([ALL_AGREE | {"comment": f"Comment {number}"} for number in range(8)], people=12)

    survey = Survey.objects.get()
    assert (survey.state, survey.ballots_issued, survey.answers_counted) == (SurveyState.COUNTED, 12, 8)
    assert (Ballot.objects.count(), Intake.objects.count(), Comment.objects.count()) == (0, 0, 8)
    assert Tally.objects.counts()["recognise"] == {("4", "2"): 8}
    assert Tally.objects.counts()["free"] == {("4", ""): 8}
    assert "comment" not in Tally.objects.counts()


def test_open_leaves_out_an_item_with_fewer_than_eight_valid_answers() -> None:
    make_counted_session([{"free": "4", "advise": "NA", "recognise": "5"}] * 8 + [{"free": "2"}])

    assert Tally.objects.counts() == {"free": {("4", ""): 8, ("2", ""): 1}}


def test_open_counts_people_who_skipped_an_item() -> None:
    make_counted_session([ALL_AGREE] * 8 + [{"free": "2"}, {"free": "NA", "know_where": "3"}])

    counts = Tally.objects.counts()
    assert counts["advise"] == {("5", ""): 8, ("NO", ""): 2}
    assert counts["free"] == {("4", ""): 8, ("2", ""): 1, ("NA", ""): 1}
    assert counts["know_where"] == {("5", "1"): 8, ("NO", "NO"): 1, ("3", "NO"): 1}


def test_open_of_too_few_shows_nothing_and_keeps_the_answers_for_a_pool() -> None:
    make_counted_session([ALL_AGREE | {"comment": "Secret"}] * 7, people=20)

    survey = Survey.objects.get()
    assert (survey.state, survey.answers_counted) == (SurveyState.TOO_FEW, 0)
    assert (Ballot.objects.count(), Intake.objects.count(), Tally.objects.count(), Comment.objects.count()) == (
        0,
        7,
        0,
        0,
    )


def test_open_twice_counts_once() -> None:
    make_counted_session([ALL_AGREE] * 8)

    ballots.open(survey_id=Survey.objects.get().pk, now=CLOSED)

    assert sum(Tally.objects.filter(item="free").values_list("answers", flat=True)) == 8


def test_open_due_opens_what_has_closed_and_nothing_else() -> None:
    closed = make_held_session(1)
    ballots.issue_slips(session_key=closed.key, now=MORNING)
    still_open = make_held_session(1)
    ballots.issue_slips(session_key=still_open.key, now=CLOSED)

    assert ballots.open_due(now=CLOSED) == 1
    assert ballots.open_due(now=CLOSED) == 0
    assert Survey.objects.get(session_key=still_open.key).state == SurveyState.OPEN


def test_code_has_no_sign_that_looks_like_another() -> None:
    code = ballots.new_code()

    assert len(code.replace("-", "")) == 26
    assert not set(code) & set("ILOU")
