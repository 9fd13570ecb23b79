"""What a crowd, or somebody with the whole database, can do. Needs PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from feedback.models import Ballot, Intake, Survey
from feedback.services import ballots
from registrations.enums import FeedbackMail
from registrations.models import Registration
from tests.factories import make_person
from tests.feedback.conftest import Mailbox
from tests.feedback.surveys import ALL_AGREE, CLOSED, CODE, MORNING, attend, make_held_session

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

CROWD = 20
FEW = 5  # each holds a connection of the pool while it waits for the others


def _at_once(*calls: Callable[[], object]) -> list[object]:
    """Returns the results or refusals of calls that start together, each on its own connection."""
    start = Barrier(len(calls), timeout=20)

    def run(call: Callable[[], object]) -> object:
        start.wait()
        try:
            return call()
        except ballots.UnableToAnswer as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as crowd:
        return list(crowd.map(run, calls))


def _hidden(table: str, column: str = "xmin::text") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608  # names written below
        return [row[0] for row in cursor.fetchall()]


def test_cast_by_twenty_at_once_spends_the_code_once() -> None:
    code = ballots.issue_slips(session_key=make_held_session(1).key, now=MORNING)[0]

    answers = _at_once(*[lambda: ballots.cast(code=code, answers=ALL_AGREE, now=MORNING)] * CROWD)

    assert sorted(map(str, answers)) == ["None", *["code-not-accepted"] * (CROWD - 1)]
    assert (Intake.objects.count(), Ballot.objects.count()) == (1, 0)


def test_looking_before_spending_would_spend_it_often() -> None:
    """The negative control: without the atomic deletion the same crowd gets in more than once."""
    code = ballots.issue_slips(session_key=make_held_session(1).key, now=MORNING)[0]
    survey_id = Survey.objects.get().pk
    everybody_has_looked = Barrier(FEW, timeout=20)

    def cast_naively() -> None:
        is_there = Ballot.objects.filter(token_hash=ballots.fingerprint(code)).exists()
        everybody_has_looked.wait()
        if is_there:
            Intake.objects.create(survey_id=survey_id, answers=ALL_AGREE)

    _at_once(*[cast_naively] * FEW)

    assert Intake.objects.count() == FEW


def test_cast_and_open_at_once_lose_no_answer() -> None:
    for _ in range(5):
        session = make_held_session(10)
        codes = ballots.issue_slips(session_key=session.key, now=MORNING)
        survey = Survey.objects.get(session_key=session.key)

        casts = [lambda code=code: ballots.cast(code=code, answers=ALL_AGREE, now=MORNING) for code in codes]
        results = _at_once(*casts, partial(ballots.open, survey_id=survey.pk, now=CLOSED))[:-1]

        survey.refresh_from_db()
        waiting = Intake.objects.filter(survey_id=survey.pk).count()
        assert survey.answers_counted + waiting == results.count(None)
        assert not Ballot.objects.filter(survey_id=survey.pk).exists()


def test_cast_finds_its_ballot_while_others_are_mixed_in() -> None:
    session = make_held_session(10)
    codes = ballots.issue_slips(session_key=session.key, now=MORNING)
    survey = Survey.objects.get()

    def mix() -> None:
        ballots._write_down(survey, {attend(session, make_person()).pk: ballots.new_code()})

    results = _at_once(
        *[lambda code=code: ballots.cast(code=code, answers=ALL_AGREE, now=MORNING) for code in codes], mix, mix
    )

    assert results == [None] * 12
    assert Intake.objects.count() == 10


def test_issue_by_two_workers_at_once_gives_each_person_one_living_code(smtp_server: Mailbox) -> None:
    session = make_held_session(12)

    _at_once(*[lambda: ballots.issue(session_key=session.key, now=MORNING)] * 2)

    codes = [CODE.findall(smtp_server.text(number))[0] for number in range(len(smtp_server.mails))]
    living = [code for code in codes if Ballot.objects.filter(token_hash=ballots.fingerprint(code)).exists()]
    assert (len(living), Ballot.objects.count(), Survey.objects.get().ballots_issued) == (12, 12, 12)


def test_no_hidden_column_ties_an_answer_to_a_person(smtp_server: Mailbox) -> None:
    """The attack of specs/privacy.md 1.3 (D1): join the answers with whatever was written in the same transaction."""
    ballots.issue(session_key=make_held_session(10).key, now=MORNING)
    for number in range(10):
        ballots.cast(code=CODE.findall(smtp_server.text(number))[0], answers=ALL_AGREE, now=MORNING)

    people = {
        *_hidden("registrations_registration"),
        *_hidden("registrations_registrationlog"),
        *_hidden("accounts_user"),
    }
    assert len(set(_hidden("feedback_intake"))) == 10
    assert people.isdisjoint(_hidden("feedback_intake"))


def test_a_late_ballot_cannot_be_told_from_the_others(smtp_server: Mailbox) -> None:
    """One person is served later: neither the transaction nor the place on disk may show which ballot is theirs."""
    session = make_held_session(10)
    ballots.issue(session_key=session.key, now=MORNING)
    late = attend(session, make_person())
    Registration.objects.filter(pk=late.pk).update(feedback_mail=FeedbackMail.DUE)

    ballots.issue(session_key=session.key, now=MORNING)

    assert len(set(_hidden("feedback_ballot"))) == 1
    assert len(_hidden("feedback_ballot")) == 11


def test_after_the_count_one_transaction_wrote_everything(smtp_server: Mailbox) -> None:
    session = make_held_session(10)
    codes = ballots.issue_slips(session_key=session.key, now=MORNING)
    for number, code in enumerate(codes):
        ballots.cast(code=code, answers=ALL_AGREE | {"comment": f"{number}"}, now=MORNING)

    ballots.open(survey_id=Survey.objects.get().pk, now=CLOSED)

    assert len({*_hidden("feedback_tally"), *_hidden("feedback_comment")}) == 1
    assert _hidden("feedback_comment", "body") != [str(number) for number in range(10)]
    assert _hidden("feedback_tally", "item || value || value_before") == sorted(
        _hidden("feedback_tally", "item || value || value_before")
    )
