"""Messages of an organiser to the participants of a session, by status (product K7)."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import Count
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models import Session
from events.services.refusals import UnableToChange
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.emails.kinds.notices import notice_letter, said_to
from registrations.enums import Status
from registrations.models import Notice, Registration
from registrations.services.calendar import notifications
from registrations.services.lock import lock_session
from registrations.services.mailing.custom_texts import LANGUAGES, SubjectAndBody, refuse_unsendable, tidy
from registrations.services.mailing.previews import example_claim, example_person

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from project.accounts.models import User
    from project.outbox.emails import Letter
    from registrations.emails.wording.custom_texts import CustomWording

log = structlog.get_logger(__name__)

SAME_AGAIN = timedelta(minutes=10)  # the same message again within this time is a mistake
AT_A_TIME = 500  # mails written in one statement


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What to say, and to which people: codes of `Status`. One language is enough; people who read the other one then
    get it too.
    """

    statuses: tuple[str, ...]
    subject_en: str = ""
    body_en: str = ""
    subject_nl: str = ""
    body_nl: str = ""

    def in_language(self, language: str) -> SubjectAndBody:
        return tidy(SubjectAndBody(getattr(self, f"subject_{language}"), getattr(self, f"body_{language}")), language)


@dataclass(frozen=True, kw_only=True)
class ExampleMail:
    """The mail, and the text as the page shows it: for a discreet session the mail does not contain the text."""

    letter: Letter
    words: CustomWording


@dataclass(frozen=True, kw_only=True)
class NoticePlan:
    """The people who would get the message now, and the mail in each language that was written."""

    session: Session
    claims: list[Registration]
    mails: dict[str, ExampleMail]


@dataclass(frozen=True, kw_only=True)
class SentNotice:
    notice: Notice
    people: int
    not_sent: int  # failed, or no longer relevant when it was their turn


@dataclass(frozen=True, kw_only=True)
class ReadNotice:
    """A message as one person reads it."""

    created_at: datetime
    words: CustomWording


def preview_notice(*, session_key: UUID, draft: Draft) -> NoticePlan:
    """Returns the people to whom `send_notice` would write now, and the mails. Writes nothing, and refuses the same."""
    session = Session.objects.select_related("event", "venue").get(key=session_key)
    mails = preview_mails(session=session, draft=draft)
    return NoticePlan(session=session, claims=_claims(session, draft), mails=mails)


def preview_mails(*, session: Session, draft: Draft) -> dict[str, ExampleMail]:
    """Returns the mail to a made-up person, in each language that was written. Refuses the same, except that it does
    not check whether there are recipients.
    """
    words = _texts_of(draft)
    notice = _notice(session, draft, words)
    return {language: _example(session, notice, language) for language in words}


def send_notice(*, notice_key: UUID, session_key: UUID, draft: Draft, actor: User, now: datetime) -> Notice:
    """Sends one mail to each person whose claim has one of these statuses now. People whose claim has another status
    when their mail is sent get none.

    `notice_key` is created with the form, so submitting it twice sends once. Raises `UnableToChange`: `nobody`,
    `no-text`, `half-a-text`, `too-long`, `unknown-placeholder`, `just-sent` (exactly the same message within ten
    minutes).
    """
    with transaction.atomic(durable=True):
        session = lock_session(session_key)
        sent = Notice.objects.filter(key=notice_key, session=session).first()
        if sent:
            return sent
        words = _texts_of(draft)
        claims = _claims(session, draft)
        notice = _notice(session, draft, words, key=notice_key)
        _refuse_the_same_again(notice, now)
        notice.author, notice.created_at = actor, now
        notice.save(force_insert=True)
        _queue_mails(notice, claims, now)
    log.info("notice_sent", actor=str(actor.key), session=str(session.key), people=len(claims))
    return notice


def count_by_status(session: Session) -> dict[str, int]:
    """Returns how many people a message to each status would reach; statuses that nobody has are missing."""
    claims = Registration.objects.filter(session=session).of_people_in_use().one_each()
    return Counter(claims.values_list("status", flat=True))


def sent_notices(session: Session) -> list[SentNotice]:
    """Returns the messages, newest first, in two queries."""
    notices = list(Notice.objects.filter(session=session).select_related("author").order_by("-created_at", "-pk"))
    written, unsent = _mails_of(session) if notices else (Counter(), Counter())
    return [
        SentNotice(notice=notice, people=written[str(notice.key)], not_sent=unsent[str(notice.key)])
        for notice in notices
    ]


def notices_to(registration: Registration) -> list[ReadNotice]:
    """Returns what the organisers wrote to this person about this claim, in the language they read. For a discreet
    session this is the only place where it can be read.

    Based on the mails that were written, so nobody reads what was meant for others.
    """
    mails = Message.objects.filter(subject_id=registration.key, kind="notice").exclude(status=MessageStatus.DROPPED)
    keys = [uuid.UUID(key) for key in mails.values_list(KT("facts__notice"), flat=True) if key]
    notices = Notice.objects.filter(key__in=keys).order_by("-created_at", "-pk") if keys else []
    return [ReadNotice(created_at=notice.created_at, words=said_to(notice, registration)) for notice in notices]


def _texts_of(draft: Draft) -> dict[str, SubjectAndBody]:
    """Returns the texts that were written, by language. Refuses what cannot be sent, in the order of the form."""
    if not draft.statuses:
        raise UnableToChange("nobody", _("Choose who gets the message."), field="statuses")
    texts = {language: draft.in_language(language) for language in LANGUAGES}
    for language, text in texts.items():
        if not text.are_empty:
            _refuse_half(text, language)
            refuse_unsendable(text, language)
    written = {language: text for language, text in texts.items() if not text.are_empty}
    if not written:
        raise UnableToChange(
            "no-text", _("Write a subject and a message, in one language at least."), field="subject_en"
        )
    return written


def _refuse_half(text: SubjectAndBody, language: str) -> None:
    if not text.subject:
        raise UnableToChange("half-a-text", _("The subject is missing in this language."), field=f"subject_{language}")
    if not text.body:
        raise UnableToChange("half-a-text", _("The message is missing in this language."), field=f"body_{language}")


def _claims(session: Session, draft: Draft) -> list[Registration]:
    chosen = Registration.objects.filter(session=session, status__in=draft.statuses).of_people_in_use().one_each()
    claims = list(chosen.select_related("attendee").order_by("attendee__name", "pk"))
    if not claims:
        raise UnableToChange("nobody", _("Nobody is in the groups you chose."), field="statuses")
    for claim in claims:
        claim.session = session
    return claims


def _notice(session: Session, draft: Draft, texts: Mapping[str, SubjectAndBody], **fields: object) -> Notice:
    columns = {f"subject_{language}": text.subject for language, text in texts.items()}
    columns |= {f"body_{language}": text.body for language, text in texts.items()}
    return Notice(session=session, statuses=tuple(sorted(draft.statuses)), **columns, **fields)


def _refuse_the_same_again(notice: Notice, now: datetime) -> None:
    texts = {name: getattr(notice, name) for name in asdict(Draft(statuses=())) if name != "statuses"}
    same = Notice.objects.filter(session=notice.session, created_at__gt=now - SAME_AGAIN, **texts)
    before = next((other for other in same if other.statuses == notice.statuses), None)
    if before:
        at = timezone.localtime(before.created_at, notice.session.zone)
        text = _("This very message went out at %(time)s. Change something, or wait ten minutes to send it again.")
        raise UnableToChange("just-sent", text % {"time": f"{at:%H:%M}"})


def _queue_mails(notice: Notice, claims: Sequence[Registration], now: datetime) -> None:
    for first in range(0, len(claims), AT_A_TIME):
        chunk = claims[first : first + AT_A_TIME]
        facts_of = {claim.pk: {"notice": str(notice.key)} for claim in chunk}
        notifications.tell([(claim, None) for claim in chunk], kind="notice", facts_of=facts_of, now=now)


def _example(session: Session, notice: Notice, language: str) -> ExampleMail:
    with override(language):
        person = example_person(language)
        claim = example_claim(session, person, Status.CONFIRMED)
        message = Message(kind="notice", recipient=person, address=person.email, language=language)
        return ExampleMail(letter=notice_letter(message, notice, claim), words=said_to(notice, claim))


def _mails_of(session: Session) -> tuple[Counter[str], Counter[str]]:
    """Returns how many mails were written, and how many of those did not go out, by the key of the message."""
    keys = Registration.objects.filter(session=session).values("key")
    mails = Message.objects.filter(subject_id__in=keys, kind="notice").order_by()
    written, unsent = Counter[str](), Counter[str]()
    for row in mails.annotate(notice=KT("facts__notice")).values("notice", "status").annotate(number=Count("pk")):
        written[row["notice"]] += row["number"]
        if row["status"] in {MessageStatus.DROPPED, MessageStatus.FAILED}:
            unsent[row["notice"]] += row["number"]
    return written, unsent
