from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from project.outbox.emails import Letter

if TYPE_CHECKING:
    from datetime import datetime

    from project.outbox.models import Message


def render_sign_in_code(message: Message, now: datetime) -> Letter:
    with override(message.language):
        context = {"code": message.facts["code"], "help": settings.HELP_CONTACTS}
        return Letter(
            address=message.address,
            subject=_("Your code for Samen: %(code)s") % context,
            text=render_to_string("mail/sign_in_code.txt", context),
            html=render_to_string("mail/sign_in_code.html", context),
        )
