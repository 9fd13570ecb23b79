"""Mail that a provider delivers by HTTP: Mailgun, Postmark, Amazon SES and others, through django-anymail.
Loaded by `project.urls` only if `ANYMAIL` holds the keys. Choose raw MIME if the provider offers it
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
]  # reports about mails we sent arrive by mail


@receiver(arrived)
def take_in(event: AnymailInboundEvent, **_more: Any) -> None:
    """The signature has been checked already. An error, for example of the database, leads to a 500, and the provider
    tries again.
    The recipient is that of the envelope, never To.
    """
    mail = event.message
    inbound.take_in(
        raw=mail.as_bytes(),
        recipient=mail.envelope_recipient or "",
        envelope_from=mail.envelope_sender,
        now=timezone.now(),
    )
