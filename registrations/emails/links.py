"""The addresses in mails. A signed one is bound to one registration and one action, and opens a page with a button (contract.md, "Pages")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.urls import reverse

if TYPE_CHECKING:
    from events.models import Event, Session
    from project.accounts.models import PendingAddress, User
    from registrations.models import AccessLink, Registration

CANCEL_LINK_SALT = "registrations.cancel"
OFFER_LINK_SALT = "registrations.offer"
KEEP_LINK_SALT = "registrations.keep"
INTEREST_LINK_SALT = "registrations.interest"
STILL_COMING_LINK_SALT = "registrations.still-coming"
ADDRESS_LINK_SALT = "registrations.address"


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


def still_coming_link(registration: Registration) -> str:
    return _signed(registration, salt=STILL_COMING_LINK_SALT, page="registrations:still_coming")


def asked_registration_key_of(token: str) -> str:
    """Of a link to say whether one still comes. Raises `signing.BadSignature` for a forged one, and for one of another action."""
    return signing.Signer(salt=STILL_COMING_LINK_SALT).unsign(token)


def address_link(pending: PendingAddress) -> str:
    """Names the question and not the address, which then stands in no log on its way."""
    return _signed(pending, salt=ADDRESS_LINK_SALT, page="registrations:confirm_address")


def pending_address_key_of(token: str) -> str:
    """Raises `signing.BadSignature` for a forged one, and for one of another action."""
    return signing.Signer(salt=ADDRESS_LINK_SALT).unsign(token)


def preferences() -> str:
    return f"{settings.BASE_URL}{reverse('registrations:preferences')}"


def interest_link(event: Event, person: User) -> str:
    """Ends what somebody asked to be told about an event; a mailbox opens it without them (RFC 8058)."""
    token = signing.Signer(salt=INTEREST_LINK_SALT).sign(f"{event.key.hex}.{person.key.hex}")
    return f"{settings.BASE_URL}{reverse('registrations:interest_link', args=[token])}"


def interest_keys_of(token: str) -> tuple[str, str]:
    """The event and the person of such a link. Raises `signing.BadSignature` for a forged one, and for one that was made for another action."""
    event, _dot, person = signing.Signer(salt=INTEREST_LINK_SALT).unsign(token).partition(".")
    return event, person


def keep_link(registration: Registration) -> str:
    return _signed(registration, salt=KEEP_LINK_SALT, page="registrations:keep_link")


def kept_registration_key_of(token: str) -> str:
    """Of a link to keep a seat that was declined in the calendar. Raises `signing.BadSignature`, as above."""
    return signing.Signer(salt=KEEP_LINK_SALT).unsign(token)


def access_link(link: AccessLink) -> str:
    """Unsigned: its key is a secret already, and it admits nobody but the address that it was made for."""
    return f"{settings.BASE_URL}{reverse('registrations:access_link', args=[link.key])}"


def page_of(offer: Event | Session) -> str:
    return f"{settings.BASE_URL}{offer.get_absolute_url()}"


def page_of_claim(registration: Registration) -> str:
    """Only its owner can read it, after signing in."""
    return f"{settings.BASE_URL}{reverse('registrations:my_registration', args=[registration.key])}"


def my_sessions() -> str:
    return f"{settings.BASE_URL}{reverse('registrations:my_sessions')}"


def _signed(subject: Registration | PendingAddress, *, salt: str, page: str) -> str:
    token = signing.Signer(salt=salt).sign(subject.key.hex)
    return f"{settings.BASE_URL}{reverse(page, args=[token])}"
