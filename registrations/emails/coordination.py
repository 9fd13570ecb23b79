"""Mails about who sees the names of a discreet event. They do not say which event: the page does, to people who may know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from registrations.emails.letters import Button, Paragraph, Reader, compose
from registrations.emails.links import coordinators_page
from registrations.models import CoordinatorChange

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from project.accounts.models import User
    from project.outbox.emails import Letter
    from project.outbox.models import Message

SUBJECTS = {
    "coordinators-proposed": gettext_noop("Please look: a change is proposed"),
    "coordinators-changed": gettext_noop("A change of who coordinates"),
    "coordinators-withdrawn": gettext_noop("A proposed change was withdrawn"),
}
NEWS = {
    "coordinators-proposed": gettext_noop(
        "%(actor)s proposes that other people see the names on a discreet event. Nothing changes until another coordinator confirms it."
    ),
    "coordinators-changed": gettext_noop(
        "Other people see the names on a discreet event from now on. %(actor)s changed it."
    ),
    "coordinators-withdrawn": gettext_noop(
        "Who sees the names on a discreet event stays as it was. %(actor)s withdrew the proposal."
    ),
}


def render_coordination(message: Message, now: datetime) -> Letter | None:
    changes = CoordinatorChange.objects.select_related("event", "proposed_by", "decided_by")
    change = changes.filter(key=str(message.subject_id)).first()
    if change is None or message.recipient is None:
        return None
    with override(message.language):
        return _letter(message, change)


def _letter(message: Message, change: CoordinatorChange) -> Letter:
    actor = (change.proposed_by if message.kind == "coordinators-proposed" else change.decided_by) or change.proposed_by
    paragraphs = [
        Paragraph(_names(change.before.order_by("name", "pk")), lead=_("Until now:")),
        Paragraph(_names(change.after.order_by("name", "pk")), lead=_("Then:")),
    ]
    if change.reason:
        paragraphs.append(Paragraph(change.reason, lead=_("Why:")))
    context = {
        "news": _(NEWS[message.kind]) % {"actor": _name(actor)},
        "buttons": [Button(_("See who sees names"), coordinators_page(change.event))],
        "paragraphs": paragraphs,
    }
    return compose(Reader.of(message, is_discreet=True), subject=_(SUBJECTS[message.kind]), context=context)


def _names(people: Iterable[User]) -> str:
    return ", ".join(_name(person) for person in people) or _("nobody")


def _name(person: User | None) -> str:
    return (person.name or person.email) if person else _("Somebody who has left")
