"""The ballot box of specs/privacy.md 1.4, in its first version: `issue`, `cast` and `open`.

Sealing and pools would use the same three verbs.

**How codes are handed out.** Codes exist only in the memory of one worker. It sends a batch of mails and then, in one
transaction, writes the ballots of that batch, shuffled among all unspent ones, and marks their registrations SENT. So
there are never more ballots than people marked SENT, and a registration has at most one valid code. If a worker dies in
a batch, its people stay DUE and its codes are invalid: they get another mail with a new code, and the page tells anyone
who tries the first one to use the latest mail. The price is that a code becomes valid some seconds after its mail left.
The other order, ballots first, would leave unspent ballots that cannot be told from valid ones, and people with two
codes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from events.enums import SessionStatus
from events.models import Session
from feedback.enums import Answer, SurveyState
from feedback.models import Ballot, Comment, Intake, Survey, Tally
from feedback.rules import figures, questionnaire, surveys
from feedback.services import limits, posting
from project.batches import each_in_turn
from registrations.enums import FeedbackMail
from registrations.models import Registration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from registrations.querysets import RegistrationQuerySet

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no signs that look alike
LOOKALIKES = str.maketrans("OIL", "011")
CODE_LENGTH = 26  # 130 bits
GROUP = 4
BATCH = 20  # the most people who get a second mail after a crash
CHANCE = secrets.SystemRandom()


class UnableToIssue(Exception):
    """Why no codes can be handed out, as a stable `code`: `not-held`, `discreet`, `too-early`, `already-issued`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class UnableToAnswer(Exception):
    """One text for all reasons: nobody may learn whether a code was unknown, used or closed (specs/privacy.md 1.4)."""

    code = "code-not-accepted"

    def __init__(self) -> None:
        self.text = _(
            "We cannot use this code. Copy all of it from our email; if you have more than one, from the latest. "
            "A code works once, until the questions close."
        )
        super().__init__(self.code)


class UnableToOpen(Exception):
    """The survey still takes answers; `code` is `not-closed`."""

    code = "not-closed"


def issue(*, session_key: UUID, now: datetime) -> int:
    """Opens the survey and mails a code to everybody who attended and is DUE one. Returns how many were sent.

    Idempotent, also when run concurrently: only people who are still DUE when their batch is written get a ballot. Once
    the survey has closed, nobody gets one any more. Raises `UnableToIssue`: `not-held`, `discreet`, `too-early`.
    """
    session = Session.objects.select_related("event").get(key=session_key)
    _refuse_to_mail(session, now)
    survey = _survey_of(session, now)
    due = list(_due(session).filter(attendee__is_active=True).select_related("attendee"))
    if survey.state != SurveyState.OPEN or survey.closes_on < surveys.today(now):
        _due(session).update(feedback_mail=FeedbackMail.NONE)
        return 0
    CHANCE.shuffle(due)
    issued = 0
    for start in range(0, len(due), BATCH):
        codes = {registration.pk: new_code() for registration in due[start : start + BATCH]}
        posted = posting.post(session=session, registrations=due[start : start + BATCH], codes=codes)
        issued += _write_down(survey, {pk: codes[pk] for pk in posted.accepted})
        Registration.objects.filter(pk__in=posted.refused).update(feedback_mail=FeedbackMail.NONE)
        if posted.was_cut_short:
            break
    return issued


def issue_slips(*, session_key: UUID, now: datetime) -> list[str]:
    """Returns codes to print, one per person who attended. People draw one, so nobody knows whose it is (channel A).

    The only time that these codes are known. A session has one channel, so nobody gets a mail any more. Raises
    `UnableToIssue`: `not-held`, `already-issued`.
    """
    session = Session.objects.select_related("event").get(key=session_key)
    if session.status != SessionStatus.HELD:
        raise UnableToIssue("not-held")
    with transaction.atomic(durable=True):
        survey = Survey.objects.select_for_update().get(pk=_survey_of(session, now).pk)
        if survey.ballots_issued or survey.state != SurveyState.OPEN:
            raise UnableToIssue("already-issued")
        attended = Registration.objects.filter(session=session).attended().count()
        codes = [new_code() for _ in range(attended)]
        _put_in_the_box(survey, codes)
        _due(session).update(feedback_mail=FeedbackMail.NONE)
    return codes


def issue_due(*, now: datetime) -> int:
    """Mails the codes of every session that is due; one failure stops no others. Returns how many were sent."""
    waiting = Registration.objects.filter(feedback_mail=FeedbackMail.DUE, attendee__is_active=True).values("session")
    sessions = Session.objects.filter(pk__in=waiting, status=SessionStatus.HELD, event__is_discreet=False).in_bulk()
    issued: list[int] = []
    each_in_turn(sessions, lambda pk: issued.append(_issue_if_due(sessions[pk], now)), name="issue_due_codes")
    return sum(issued)


def _issue_if_due(session: Session, now: datetime) -> int:
    lease = f"codes-of-{session.key}"
    if not surveys.is_ready_for_codes(session, now) or not limits.take_lease(lease):
        return 0
    try:
        return issue(session_key=session.key, now=now)
    finally:
        limits.end_lease(lease)


def cast(*, code: str, answers: Mapping[str, str], now: datetime) -> None:
    """Spends a code and stores the answers, atomically and only once. Stores no person and no moment.

    Drops answers to items that this survey does not ask. Raises `UnableToAnswer`, the same for unknown, used and closed
    codes.
    """
    with transaction.atomic(durable=True):
        survey = _spend(fingerprint(code), now)
        Intake.objects.create(survey_id=survey.pk, answers=questionnaire.kept(survey.questionnaire, answers))


def open(*, survey_id: UUID, now: datetime) -> Survey:  # noqa: A001 - the name of this step in the protocol
    """Counts a survey that has closed. With eight answers or more, only tallies and unlinked comments remain.

    Fewer stay in the intake, which nothing reads: specs/privacy.md 1.4 step 6 pools them with those of other sessions.
    Idempotent. Raises `UnableToOpen`.
    """
    with transaction.atomic(durable=True):
        survey = Survey.objects.select_for_update().get(pk=survey_id)
        if survey.state != SurveyState.OPEN:
            return survey
        if surveys.today(now) <= survey.closes_on:
            raise UnableToOpen
        # Ballots first: a concurrent answer either holds the lock of its ballot, so we wait for it, or comes too late.
        Ballot.objects.filter(survey_id=survey.pk).delete()
        answers = list(Intake.objects.filter(survey_id=survey.pk).values_list("answers", flat=True))
        survey.state = SurveyState.TOO_FEW
        if len(answers) >= figures.K_BLOCK:
            survey.state, survey.answers_counted = SurveyState.COUNTED, len(answers)
            _count(survey, answers)
        survey.save(update_fields=["state", "answers_counted"])
    return survey


def open_due(*, now: datetime) -> int:
    """Counts every survey after its last day. One failure does not stop the others. Returns how many were counted."""
    due = list(Survey.objects.due_to_open(surveys.today(now)).values_list("pk", flat=True))
    return len(due) - each_in_turn(due, lambda pk: open(survey_id=pk, now=now), name="close_due_surveys")


def new_code() -> str:
    """Returns a code like `7K3M-Q9XT-...`, from the system's randomness (ASVS 11.5.1: at least 128 bits)."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(code[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def fingerprint(code: str) -> str:
    """Returns the hash to store. Ignores case, spaces and dashes, and reads O as 0 and I or L as 1."""
    typed = "".join(letter for letter in code.upper() if letter.isalnum()).translate(LOOKALIKES)
    return hashlib.sha256(typed.encode()).hexdigest()


def _refuse_to_mail(session: Session, now: datetime) -> None:
    if session.event.is_discreet:
        raise UnableToIssue("discreet")  # slips only: a mail would reveal that somebody was there (specs/privacy.md 3)
    if session.status != SessionStatus.HELD:
        raise UnableToIssue("not-held")
    if not surveys.is_ready_for_codes(session, now):
        raise UnableToIssue("too-early")


def _survey_of(session: Session, now: datetime) -> Survey:
    asked = questionnaire.questionnaire_for(session.event.kind)
    values = {"questionnaire": asked, "closes_on": surveys.closing_day(session, now)}
    return Survey.objects.get_or_create(session_key=session.key, defaults=values)[0]


def _due(session: Session) -> RegistrationQuerySet:
    return Registration.objects.filter(session=session, feedback_mail=FeedbackMail.DUE)


def _write_down(survey: Survey, codes: Mapping[int, str]) -> int:
    """Makes mailed codes valid, except for people whom another worker has served meanwhile: their other code counts."""
    with transaction.atomic(durable=True):
        locked = Survey.objects.select_for_update().get(pk=survey.pk)
        if locked.state != SurveyState.OPEN:
            return 0
        rows = Registration.objects.select_for_update().filter(pk__in=codes, feedback_mail=FeedbackMail.DUE)
        served = list(rows.order_by("pk").values_list("pk", flat=True))
        _put_in_the_box(locked, [codes[pk] for pk in served])
        Registration.objects.filter(pk__in=served).update(feedback_mail=FeedbackMail.SENT)
    return len(served)


def _put_in_the_box(survey: Survey, codes: Sequence[str]) -> None:
    """Shuffles new ballots among the existing ones and rewrites them all.

    So neither their place on disk nor a hidden column (`ctid`, `xmin`) reveals which are new, not even if one person
    gets a code later than the rest (specs/privacy.md 1.3).
    """
    existing = Ballot.objects.filter(survey_id=survey.pk)
    hashes = [*existing.select_for_update().values_list("token_hash", flat=True), *map(fingerprint, codes)]
    existing.delete()
    CHANCE.shuffle(hashes)
    Ballot.objects.bulk_create(Ballot(token_hash=token_hash, survey_id=survey.pk) for token_hash in hashes)
    Survey.objects.filter(pk=survey.pk).update(ballots_issued=F("ballots_issued") + len(codes))


def _spend(token_hash: str, now: datetime) -> Survey:
    """Deletes the ballot: only one caller can. Tries twice, because shuffling deletes and rewrites ballots."""
    ballot = Ballot.objects.filter(token_hash=token_hash)
    for _attempt in range(2):
        surveys_open = Survey.objects.taking_answers(surveys.today(now))
        survey = surveys_open.filter(pk__in=ballot.values("survey_id")).first()
        if survey is None:
            break
        if ballot.delete()[0]:
            return survey
    raise UnableToAnswer


def _count(survey: Survey, answers: Sequence[Mapping[str, str]]) -> None:
    """Writes sorted tallies and shuffled comments, so that no order links a comment to a score."""
    tallies = [tally for item in questionnaire.RATED_ITEMS for tally in _tallies(survey, item, answers)]
    Tally.objects.bulk_create(sorted(tallies, key=lambda tally: (tally.item, tally.value, tally.value_before)))
    comments = [answer[questionnaire.COMMENT.key] for answer in answers if questionnaire.COMMENT.key in answer]
    CHANCE.shuffle(comments)
    Comment.objects.bulk_create(Comment(survey_id=survey.pk, body=body) for body in comments)
    Intake.objects.filter(survey_id=survey.pk).delete()


def _tallies(survey: Survey, item: questionnaire.Item, answers: Sequence[Mapping[str, str]]) -> list[Tally]:
    """Empty for an item with fewer than eight valid answers: no figure or sum includes it (specs/privacy.md 1.6)."""
    counts = Counter(_pair(item, answer) for answer in answers)
    if sum(given for pair, given in counts.items() if figures.is_valid(item, pair)) < figures.K_BLOCK:
        return []
    return [
        Tally(survey_id=survey.pk, item=item.key, value=value, value_before=before, answers=given)
        for (value, before), given in counts.items()
    ]


def _pair(item: questionnaire.Item, answer: Mapping[str, str]) -> tuple[str, str]:
    now, *before = [answer.get(field, Answer.NONE.value) for field in item.fields]
    return now, before[0] if before else ""
