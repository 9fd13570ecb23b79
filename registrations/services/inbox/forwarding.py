"""Forwards what only people can answer to the contact of the organisation (specs/calendar.md 5.4.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.conf import settings

from project.outbox.models import Message
from project.outbox.services.messages import enqueue
from registrations import ical
from registrations.models import Invite
from registrations.rules.addresses import same_address

if TYPE_CHECKING:
    from datetime import datetime

    from registrations.models import InboundMail
    from registrations.rules.inbox.incoming import Incoming

log = structlog.get_logger(__name__)

KINDS = ("reply-forwarded", "reply-delegated")
MAX_PER_HOUR = 60  # so that two machines that answer each other soon stop, whatever their headers say


def pass_on(*, mail: InboundMail, kind: str, now: datetime) -> bool:
    """Mails the contact what came in. Returns whether a mail was queued. The incoming text is read only when the mail
    is rendered, so it is not stored twice.

    Sends nothing if there is no contact, if the contact is ourselves, or more than sixty times an hour.
    """
    contact = settings.INBOUND_FORWARD_TO
    if not contact or is_ours(contact):
        return False
    if Message.objects.filter(kind__in=KINDS, created_at__gt=now - timedelta(hours=1)).count() >= MAX_PER_HOUR:
        log.warning("inbound_flood", mail=mail.pk)
        return False
    language = settings.LANGUAGE_CODE
    facts = {"inbound": mail.pk}
    enqueue([Message(kind=kind, address=contact, language=language, facts=facts, created_at=now, due_at=now)])
    return True


def is_ours(address: str) -> bool:
    """Returns whether this is our own address, with or without a part after a plus (R25)."""
    own = settings.MAIL_FROM.rpartition("@")[0]
    mailbox, _, domain = address.rpartition("@")
    bare = own if mailbox.lower().startswith(f"{own.lower()}+") else mailbox
    return same_address(f"{bare}@{domain}", settings.MAIL_FROM)


def invite_written_to(recipient: str) -> Invite | None:
    """Returns the invite whose own address this is (R25). For a mail that lost its calendar part, it tells what the
    mail is about, and nothing more.
    """
    between = ical.uids_of(recipient) if is_ours(recipient) else None
    found = list(Invite.objects.filter(uid__range=between).order_by("pk")[:2]) if between else []
    return found[0] if len(found) == 1 else None


def is_from_contact(incoming: Incoming) -> bool:
    return bool(settings.INBOUND_FORWARD_TO) and same_address(incoming.sender, settings.INBOUND_FORWARD_TO)
