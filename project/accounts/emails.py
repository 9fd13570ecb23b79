from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from project.outbox.emails import Letter, MailKind

if TYPE_CHECKING:
    from datetime import datetime

    from project.outbox.models import Message


def render_sign_in_code(_kind: MailKind, message: Message, now: datetime) -> Letter | None:
    """Returns None if the code has expired before it could be sent."""
    if now - message.created_at >= timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT):
        return None
    with override(message.language):
        context = {"code": message.facts["code"], "help": settings.HELP_CONTACTS}
        return Letter(
            address=message.address,
            subject=_("Your code for Samen: %(code)s") % context,
            text=render_to_string("mail/sign_in_code.txt", context),
            html=render_to_string("mail/sign_in_code.html", context),
        )


KINDS = (MailKind(name="sign-in-code", renderer=render_sign_in_code),)
