"""The mails sent to people about a date, and sending one of them again (product K6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from events.services.refusals import UnableToChange
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.querysets import UNSENT
from registrations.emails.repeating import may_repeat
from registrations.models import Registration
from registrations.services.calendar import invites, notifications
from registrations.services.lock import lock_registration

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from events.models import Session
    from project.accounts.models import User
    from project.outbox.querysets import MessageQuerySet

log = structlog.get_logger(__name__)

HAS_BOUNCED = Q(bounced_at__isnull=False)
STATES = {
    "waiting": Q(status__in=UNSENT),
    "sent": Q(status=MessageStatus.SENT) & ~HAS_BOUNCED,
    "bounced": HAS_BOUNCED,
    "dropped": Q(status=MessageStatus.DROPPED),
    "failed": Q(status=MessageStatus.FAILED),
}


@dataclass(frozen=True)
class Mail:
    """One mail, with the registration of its recipient. Its text is not shown to anybody here."""

    message: Message
    registration: Registration
    can_repeat: bool

    @property
    def state(self) -> str:
        """A key of `STATES`."""
        if self.message.bounced_at:
            return "bounced"
        known = {MessageStatus.SENT: "sent", MessageStatus.DROPPED: "dropped", MessageStatus.FAILED: "failed"}
        return known.get(MessageStatus(self.message.status), "waiting")


def count_by_state(session: Session) -> dict[str, int]:
    counts = {name: Count("pk", filter=condition) for name, condition in STATES.items()}
    return _about(session).aggregate(**counts)


def mails_of(session: Session, *, state: str) -> MessageQuerySet:
    """Returns mails, newest first, in one state or in all, without their content. `is_newest`: whether it is the newest
    of its kind to this person, including mails in other states.
    """
    newer = Message.objects.filter(subject_id=OuterRef("subject_id"), kind=OuterRef("kind"), pk__gt=OuterRef("pk"))
    mails = _about(session).filter(STATES.get(state, Q())).annotate(is_newest=~Exists(newer))
    return mails.defer("raw", "facts").order_by("-pk")


def with_people(mails: list[Message], *, now: datetime) -> list[Mail]:
    """Adds the recipients to mails of `mails_of`. Only the newest mail of a kind to a person about the date can be sent
    again, and only while what it says holds.
    """
    keys = [mail.subject_id for mail in mails if mail.subject_id]
    registrations = Registration.objects.filter(key__in=keys).select_related("attendee", "session")
    by_key: dict[UUID | None, Registration] = {registration.key: registration for registration in registrations}
    rows = []
    for mail in mails:
        registration = by_key[mail.subject_id]
        is_done = getattr(mail, "is_newest", False) and mail.status not in UNSENT
        rows.append(Mail(mail, registration, is_done and may_repeat(mail.kind, registration, now)))
    return rows


def send_again(*, registration_key: UUID, kind: str, actor: User, now: datetime) -> Message:
    """Sends the same kind of mail again, with what holds now: a calendar entry keeps its SEQUENCE and gets a later
    DTSTAMP (specs/calendar.md R31).

    Raises `UnableToChange`: `never-sent`, `on-its-way`, `out-of-date`; `UnableToRegister("not-published")` if there is
    no such claim.
    """
    with transaction.atomic(durable=True):
        registration = lock_registration(registration_key)
        sent = Message.objects.filter(subject_id=registration.key, kind=kind).order_by("-pk").first()
        if sent is None:
            raise UnableToChange("never-sent", _("This email was never sent to them."))
        if sent.status in UNSENT:
            raise UnableToChange("on-its-way", _("This email is on its way already."))
        if not may_repeat(kind, registration, now):
            raise UnableToChange("out-of-date", _("What this email says does not hold any more."))
        invites.repeat(registration, kind=kind, more=_said_beside(sent, registration), now=now)
    log.info("mail_sent_again", actor=str(actor.key), registration=str(registration.key), kind=kind)
    return Message.objects.filter(subject_id=registration.key, kind=kind).latest("pk")


def _said_beside(sent: Message, registration: Registration) -> dict[str, Any]:
    """Returns what the mail said besides time and place, such as the former time; a code or reason that was sent stays
    the same.
    """
    now = {*notifications.facts_about(registration.session), "invite", "asked_before"}
    return {name: value for name, value in sent.facts.items() if name not in now}


def _about(session: Session) -> MessageQuerySet:
    """Returns the mails about claims on the date. Codes, and replies to people who only wrote to us, are left out."""
    return Message.objects.filter(subject_id__in=Registration.objects.filter(session=session).values("key"))
