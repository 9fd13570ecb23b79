"""Mails about who sees the names of a discreet event. They do not name the event; the page does, for people who may
know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from project.outbox.emails import MailKind
from registrations.emails.composing import Button, Paragraph, Reader, compose
from registrations.emails.links import coordinators_page
from registrations.models import CoordinatorChange

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from project.accounts.models import User
    from project.outbox.emails import Letter
    from project.outbox.models import Message


@dataclass(frozen=True, kw_only=True)
class CoordinationMail(MailKind):
    subject: str
    news: str
    is_proposal: bool = False


def render_coordination(kind: CoordinationMail, message: Message, now: datetime) -> Letter | None:
    changes = CoordinatorChange.objects.select_related("event", "proposed_by", "decided_by")
    change = changes.filter(key=str(message.subject_id)).first()
    if change is None or message.recipient is None:
        return None
    with override(message.language):
        return _letter(kind, message, change)


def _letter(kind: CoordinationMail, message: Message, change: CoordinatorChange) -> Letter:
    actor = (change.proposed_by if kind.is_proposal else change.decided_by) or change.proposed_by
    paragraphs = [
        Paragraph(_names(change.before.order_by("name", "pk")), lead=_("Until now:")),
        Paragraph(_names(change.after.order_by("name", "pk")), lead=_("Then:")),
    ]
    if change.reason:
        paragraphs.append(Paragraph(change.reason, lead=_("Why:")))
    context = {
        "news": _(kind.news) % {"actor": _name(actor)},
        "buttons": [Button(_("See who sees names"), coordinators_page(change.event))],
        "paragraphs": paragraphs,
    }
    return compose(Reader.of(message, is_discreet=True), subject=_(kind.subject), context=context)


def _names(people: Iterable[User]) -> str:
    return ", ".join(_name(person) for person in people) or _("nobody")


def _name(person: User | None) -> str:
    return (person.name or person.email) if person else _("Somebody who has left")


PROPOSED = CoordinationMail(
    name="coordinators-proposed",
    renderer=render_coordination,
    subject=gettext_noop("A proposed change needs your answer"),
    news=gettext_noop(
        "%(actor)s proposes that other people see the names on a discreet event. Nothing changes until another "
        "coordinator confirms it."
    ),
    is_proposal=True,
)
CHANGED = CoordinationMail(
    name="coordinators-changed",
    renderer=render_coordination,
    subject=gettext_noop("Other coordinators from now on"),
    news=gettext_noop("From now on, different people see the names on a discreet event. %(actor)s made this change."),
)
WITHDRAWN = CoordinationMail(
    name="coordinators-withdrawn",
    renderer=render_coordination,
    subject=gettext_noop("A proposed change was withdrawn"),
    news=gettext_noop("The same people as before see the names on a discreet event. %(actor)s withdrew the proposal."),
)
