"""Something changed about a seat that was offered."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from registrations.emails.kinds.waiting.offered import is_open
from registrations.emails.mail_kind import SeatMail, Texts

OFFER_CHANGED = SeatMail(
    name="offer-changed",
    texts=Texts(
        subject=gettext_noop("About the seat we offered you: %(title)s, %(date)s"),
        news=gettext_noop("Something has changed about the seat that we offered you at %(title)s."),
        discreet_news=gettext_noop("Something has changed about the seat that we offered you."),
    ),
    is_still_true=lambda context: is_open(context) or context.has_lost_offer,
    tells_of_offers=True,
)
