"""Mail that a provider hands over by HTTP: Mailgun, Postmark, Amazon SES and others, as django-anymail speaks to them.

Loaded by `project.urls` only where `ANYMAIL` holds the keys. Choose raw MIME where the provider has a choice
(`/inbound/mailgun/inbound_mime/`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anymail import urls
from anymail.signals import inbound as arrived
from django.dispatch import receiver
from django.utils import timezone

from registrations.services.inbox import inbound

if TYPE_CHECKING:
    from anymail.signals import AnymailInboundEvent

urlpatterns = [
    page for page in urls.urlpatterns if "inbound" in page.name
]  # what they tell of mails we sent comes by mail


@receiver(arrived)
def take_in(event: AnymailInboundEvent, **_more: Any) -> None:
    """The signature was checked before. An error, as of the database, is answered with 500, and the provider tries
    again.

    Who it is for is what the envelope says, and never To.
    """
    mail = event.message
    inbound.take_in(
        raw=mail.as_bytes(),
        recipient=mail.envelope_recipient or "",
        envelope_from=mail.envelope_sender,
        now=timezone.now(),
    )
