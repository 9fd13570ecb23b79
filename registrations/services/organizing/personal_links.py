"""Personal links, which admit people to a session that is not listed anywhere (product W5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from events.services.refusals import UnableToChange
from project.accounts.models import User
from project.outbox.services.messages import draft, draft_to_address, enqueue
from registrations.models import AccessLink
from registrations.rules import BOOKABLE
from registrations.services.lock import lock_session
from registrations.services.organizing.capacity import refuse_unless_changeable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from events.models import Session
    from project.outbox.models import Message

log = structlog.get_logger(__name__)

MAX_ADDRESSES = 200


def grant(*, session_key: UUID, addresses: Sequence[str], actor: User, now: datetime) -> list[AccessLink]:
    """Creates one link for each address and mails it once; an address that has a link keeps it and gets no second mail.
    A link expires at the start of the session.

    A link holds no seat and creates no account: people without one get it by signing in. `addresses` must be well
    formed. Raises `UnableToChange`: `started`, `cancelled`, `not-published`, `not-unlisted` (everybody can find the
    date already), `too-many`.
    """
    wanted = list(dict.fromkeys(address.strip().lower() for address in addresses))
    with transaction.atomic(durable=True):
        session = lock_session(session_key)
        _refuse_addresses(session, wanted, now)
        known = {link.address: link for link in AccessLink.objects.filter(session=session, address__in=wanted)}
        made = [_link(session, address, actor, now) for address in wanted if address not in known]
        AccessLink.objects.bulk_create(made)
        enqueue(_mails(made, actor, now))
    given = known | {link.address: link for link in made}
    return [given[address] for address in wanted]


def revoke(*, link_key: UUID, actor: User) -> None:
    """Deletes the link, so that it admits nobody any more. People who signed up with it keep what they have.
    Idempotent.
    """
    with transaction.atomic(durable=True):
        link = AccessLink.objects.filter(key=link_key).select_related("session").first()
        if link:
            link.delete()
            log.info("access_revoked", actor=str(actor.key), session=str(link.session.key))


def _refuse_addresses(session: Session, addresses: Sequence[str], now: datetime) -> None:
    refuse_unless_changeable(session, now)
    if session.event.status not in BOOKABLE:
        raise UnableToChange("not-published", _("Publish the event first; before that, a link would open nothing."))
    if not session.is_unlisted:
        raise UnableToChange(
            "not-unlisted", _("Everybody can find this date already, so nobody needs a personal link.")
        )
    if len(addresses) > MAX_ADDRESSES:
        text = _("Enter at most %(most)d addresses at a time.")
        raise UnableToChange("too-many", text % {"most": MAX_ADDRESSES}, field="addresses")


def _link(session: Session, address: str, actor: User, now: datetime) -> AccessLink:
    return AccessLink(session=session, address=address, created_by=actor, created_at=now, expires_at=session.starts_at)


def _mails(links: Iterable[AccessLink], actor: User, now: datetime) -> list[Message]:
    """Each mail is in the language of the person, if we know them, or else of the organiser who invites them."""
    made = list(links)
    known = {person.email: person for person in User.objects.filter(email__in=[link.address for link in made])}
    return [_mail(link, known.get(link.address), actor, now) for link in made]


def _mail(link: AccessLink, person: User | None, actor: User, now: datetime) -> Message:
    if person:
        return draft(kind="access-granted", recipient=person, subject_id=link.key, facts={}, now=now)
    return draft_to_address(
        kind="access-granted", address=link.address, language=actor.language, subject_id=link.key, now=now
    )
