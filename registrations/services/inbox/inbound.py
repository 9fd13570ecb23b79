"""Mail that comes in: stored first, then read by a worker, and kept for a month (specs/calendar.md 5.2)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from project.outbox.services import bounces
from project.outbox.services.dispatch import ask_worker
from registrations.enums import Verdict
from registrations.models import InboundMail
from registrations.rules.inbox.incoming import LARGEST_MAIL, as_envelope, printable, read_mail
from registrations.rules.inbox.itip import UnableToRead
from registrations.services.inbox import forwarding, replies
from registrations.services.inbox.replies import Outcome

if TYPE_CHECKING:
    from registrations.rules.inbox.incoming import Incoming

log = structlog.get_logger(__name__)

KEPT = timedelta(days=30)
MAX_ATTEMPTS = 5
PATIENCE = timedelta(minutes=5)  # reading a mail never takes that long: a process that began earlier is dead
KEPT_OF_TOO_LARGE = 64 * 1024


def take_in(*, raw: bytes, recipient: str, envelope_from: str | None, now: datetime) -> InboundMail:
    """Stores one mail and returns the row; the same mail to the same recipient twice is one row. Nothing is parsed yet,
    so nothing but the database can fail.

    `envelope_from`: the sender according to the transport, empty for a bounce; None if the transport does not know it.
    """
    auth = {} if envelope_from is None else {"envelope_from": as_envelope(envelope_from)}
    recipient = printable(recipient)
    is_too_large = len(raw) > LARGEST_MAIL
    mail, is_new = InboundMail.objects.get_or_create(
        digest=hashlib.sha256(recipient.lower().encode() + b"\n" + raw).hexdigest(),
        defaults={
            "recipient": recipient[:254],
            "raw": raw[:KEPT_OF_TOO_LARGE] if is_too_large else raw,
            "auth": auth | {"is_too_large": True} if is_too_large else auth,
            "received_at": now,
        },
    )
    if is_new:
        transaction.on_commit(lambda: ask_worker("registrations.tasks.process_inbound", inbound=mail.pk))
    return mail


def process(*, inbound_id: int, now: datetime) -> Verdict:
    """Reads a stored mail and does what it says, in one transaction. Safe to run twice, even at the same time: one
    reads the mail, the others skip it.

    A mail that fails is left for the next sweep. After five attempts it is given up, visibly, even if it killed the
    process that read it each time.
    """
    is_mine = _begin(inbound_id, now)
    mail = InboundMail.objects.get(pk=inbound_id)
    if not is_mine or mail.verdict != Verdict.PENDING:
        return Verdict(mail.verdict)
    try:
        return _consider_once(mail, now)
    except Exception as error:  # noqa: BLE001  # whatever is wrong with one mail, it must not block the next
        return _postpone(mail, error, now)


def pending(now: datetime) -> list[int]:
    """Returns the mails that are still unread twenty seconds after they came in, because the call to the worker was
    lost or reading them failed; the oldest first.
    """
    waiting = _unread(now).filter(received_at__lte=now - timedelta(seconds=20))
    return list(waiting.order_by("received_at", "pk").values_list("pk", flat=True)[:500])


def forget_old(*, now: datetime) -> int:
    """Blanks mails that came in more than thirty days ago. That they came, and what became of them, is kept. Returns
    how many.
    """
    old = InboundMail.objects.filter(received_at__lt=now - KEPT).exclude(raw=b"", auth={}, message_id="", recipient="")
    old.filter(verdict=Verdict.PENDING).update(verdict=Verdict.FAILED, reason="too-old", processed_at=now)
    return old.update(raw=b"", auth={}, message_id="", recipient="")


def _unread(now: datetime) -> QuerySet[InboundMail]:
    """Returns the mails without a verdict that nobody is reading at the moment."""
    is_free = Q(begun_at=None) | Q(begun_at__lte=now - PATIENCE)
    return InboundMail.objects.filter(is_free, verdict=Verdict.PENDING)


def _begin(inbound_id: int, now: datetime) -> bool:
    """Takes the mail to read it. Returns whether that worked. Committed before the first byte is read, so that the
    attempt counts however it ends.
    """
    mine = _unread(now).filter(pk=inbound_id)
    with transaction.atomic(durable=True):
        _give_up_exhausted(mine, now)
        return bool(mine.update(attempts=F("attempts") + 1, begun_at=now))


def _give_up_exhausted(mails: QuerySet[InboundMail], now: datetime) -> None:
    exhausted = mails.filter(attempts__gte=MAX_ATTEMPTS)
    exhausted.update(verdict=Verdict.FAILED, reason="unexpected", processed_at=now)


def _read(mail: InboundMail) -> Incoming | UnableToRead:
    if mail.auth.get("is_too_large"):
        return UnableToRead("too-large")
    try:
        return read_mail(bytes(mail.raw))
    except UnableToRead as trouble:
        return trouble


def _consider_once(mail: InboundMail, now: datetime) -> Verdict:
    """Reading takes time, so it takes no lock; the first to finish gives the verdict."""
    found = _read(mail)
    with transaction.atomic(durable=True):
        locked = InboundMail.objects.select_for_update().get(pk=mail.pk)
        if locked.verdict != Verdict.PENDING:
            return Verdict(locked.verdict)
        if isinstance(found, UnableToRead):
            return _give_up(locked, found, now)
        locked.message_id = found.message_id
        return _finish(locked, _consider(locked, found, now), now)


def _give_up(mail: InboundMail, trouble: UnableToRead, now: datetime) -> Verdict:
    """The mail is kept for people to look at, and the contact is told of it; but not if it has no envelope sender,
    because then it comes from a machine (5.4.8).
    """
    if mail.auth.get("envelope_from") != "":
        forwarding.pass_on(mail=mail, kind="reply-forwarded", now=now)
    return _finish(mail, Outcome(Verdict.FAILED, trouble.code), now)


def _consider(mail: InboundMail, incoming: Incoming, now: datetime) -> Outcome:
    """Decides which way a mail goes (specs/calendar.md 5.4). A mail without a sender, or from ourselves, is never
    answered (5.4.8).
    """
    if incoming.is_report:
        return _report(incoming, now)
    if _envelope_from(mail, incoming) == "":
        return Outcome(Verdict.IGNORED, "no-sender")
    if forwarding.is_ours(incoming.sender):
        return Outcome(Verdict.IGNORED, "own-address")
    if incoming.calendar:
        return replies.apply_reply(mail=mail, incoming=incoming, calendar=incoming.calendar, now=now)
    if incoming.is_automatic:
        return Outcome(Verdict.IGNORED, "automatic")
    return _from_a_person(mail, incoming, now)


def _report(incoming: Incoming, now: datetime) -> Outcome:
    """A mail of ours that bounced is recognised by its Message-ID. A bounce never costs anybody a seat (5.4.1)."""
    known = bounces.note(incoming.bounced, now) if incoming.bounced else []
    return Outcome(Verdict.BOUNCED, "bounce") if known else Outcome(Verdict.IGNORED, "report")


def _from_a_person(mail: InboundMail, incoming: Incoming, now: datetime) -> Outcome:
    if forwarding.is_from_contact(incoming):
        return Outcome(Verdict.IGNORED, "from-contact")
    invite = forwarding.invite_written_to(mail.recipient)
    if forwarding.pass_on(mail=mail, kind="reply-forwarded", now=now):
        return Outcome(Verdict.FORWARDED, "person", invite)
    return Outcome(Verdict.RECORDED, "person", invite)


def _envelope_from(mail: InboundMail, incoming: Incoming) -> str | None:
    """Returns what the transport said, or else the Return-Path, which the last mail server wrote."""
    said: str | None = mail.auth.get("envelope_from")
    return incoming.return_path if said is None else said


def _finish(mail: InboundMail, outcome: Outcome, now: datetime) -> Verdict:
    mail.verdict, mail.reason, mail.invite, mail.processed_at = outcome.verdict, outcome.reason, outcome.invite, now
    mail.save(update_fields=["message_id", "verdict", "reason", "invite", "processed_at"])
    log.info("inbound_mail", mail=mail.pk, verdict=mail.verdict, reason=mail.reason)
    return outcome.verdict


def _postpone(mail: InboundMail, error: Exception, now: datetime) -> Verdict:
    log.warning("inbound_trouble", mail=mail.pk, error=type(error).__name__)
    waiting = InboundMail.objects.filter(pk=mail.pk, verdict=Verdict.PENDING)
    _give_up_exhausted(waiting, now)
    waiting.update(begun_at=None)
    return Verdict(InboundMail.objects.values_list("verdict", flat=True).get(pk=mail.pk))
