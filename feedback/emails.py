from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models.texts import other_language
from project.outbox.emails import Letter
from project.text.texts import in_language, isolated, nameable, unmarked

if TYPE_CHECKING:
    from events.models import Session
    from project.accounts.models import User


def render_code(*, session: Session, attendee: User, code: str) -> Letter:
    """Renders the mail with a code, in the person's language.

    The code is text to copy and the link is the same for everybody: mail filters log who opens which link
    (specs/privacy.md 0, decision 4).
    """
    with override(attendee.language):
        context = _context(session) | {"name": isolated(nameable(attendee.name)), "code": code}
        return Letter(
            address=attendee.email,
            subject=_("How was it? Eight questions, without your name"),
            text=unmarked(render_to_string("mail/feedback_code.txt", context)),
            html=render_to_string("mail/feedback_code.html", context),
        )


def _context(session: Session) -> dict[str, Any]:
    return {
        "title": in_language(session.title, other_language(session, "title")),
        "date": date_format(session.local_start, "l j F"),
        "link": f"{settings.BASE_URL}{reverse('feedback:answer')}",
        "help": settings.HELP_CONTACTS,
    }
