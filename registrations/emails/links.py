"""The addresses in mails. A signed one is bound to one registration and one action, and opens a page with a button (contract.md, "Pages")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.urls import reverse

if TYPE_CHECKING:
    from events.models import Event, Session
    from registrations.models import AccessLink, Registration

CANCEL_LINK_SALT = "registrations.cancel"
OFFER_LINK_SALT = "registrations.offer"


def cancel_link(registration: Registration) -> str:
    return _signed(registration, salt=CANCEL_LINK_SALT, page="registrations:cancel_link")


def registration_key_of(token: str) -> str:
    """Of a link to give a seat back. Raises `signing.BadSignature` for a forged one, and for one that was made for another action."""
    return signing.Signer(salt=CANCEL_LINK_SALT).unsign(token)


def offer_link(registration: Registration) -> str:
    return _signed(registration, salt=OFFER_LINK_SALT, page="registrations:offer_link")


def offered_registration_key_of(token: str) -> str:
    """Of a link to answer an offer. Raises `signing.BadSignature` for a forged one, and for one that was made for another action."""
    return signing.Signer(salt=OFFER_LINK_SALT).unsign(token)


def access_link(link: AccessLink) -> str:
    """Unsigned: its key is a secret already, and it admits nobody but the address that it was made for."""
    return f"{settings.BASE_URL}{reverse('registrations:access_link', args=[link.key])}"


def page_of(offer: Event | Session) -> str:
    return f"{settings.BASE_URL}{offer.get_absolute_url()}"


def my_sessions() -> str:
    return f"{settings.BASE_URL}{reverse('registrations:my_sessions')}"


def _signed(registration: Registration, *, salt: str, page: str) -> str:
    token = signing.Signer(salt=salt).sign(registration.key.hex)
    return f"{settings.BASE_URL}{reverse(page, args=[token])}"
