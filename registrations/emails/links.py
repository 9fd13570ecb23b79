"""The URLs in mails. A signed one is bound to one registration and one action, and opens a page with a button
(contract.md, "Pages").
"""

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


def key_in(token: str, *, salt: str) -> str:
    """Returns what a link was signed for. Raises `signing.BadSignature` if it is forged or was made for another
    action.
    """
    return signing.Signer(salt=salt).unsign(token)


def coordinators_page(event: Event) -> str:
    return f"{settings.BASE_URL}{reverse('registrations:organize_coordinators', args=[event.slug])}"


def cancel_link(registration: Registration) -> str:
    return _signed(registration.key.hex, salt=CANCEL_LINK_SALT, page="registrations:cancel_link")


def offer_link(registration: Registration) -> str:
    return _signed(registration.key.hex, salt=OFFER_LINK_SALT, page="registrations:offer_link")


def still_coming_link(registration: Registration) -> str:
    return _signed(registration.key.hex, salt=STILL_COMING_LINK_SALT, page="registrations:still_coming")


def address_link(pending: PendingAddress) -> str:
    """Contains the key of the pending change, not the address, which therefore appears in no log."""
    return _signed(pending.key.hex, salt=ADDRESS_LINK_SALT, page="registrations:confirm_address")


def preferences() -> str:
    return f"{settings.BASE_URL}{reverse('registrations:preferences')}"


def interest_link(event: Event, person: User) -> str:
    """Ends what somebody asked to be told about an event; a mail program opens it without them (RFC 8058). It signs
    both keys, with a dot between them.
    """
    return _signed(f"{event.key.hex}.{person.key.hex}", salt=INTEREST_LINK_SALT, page="registrations:interest_link")


def keep_link(registration: Registration) -> str:
    return _signed(registration.key.hex, salt=KEEP_LINK_SALT, page="registrations:keep_link")


def access_link(link: AccessLink) -> str:
    """Unsigned: its key is a secret already, and it admits only the address it was made for."""
    return f"{settings.BASE_URL}{reverse('registrations:access_link', args=[link.key])}"


def page_of(offer: Event | Session) -> str:
    return f"{settings.BASE_URL}{offer.get_absolute_url()}"


def page_of_claim(registration: Registration) -> str:
    """Only its owner can read the page, after signing in."""
    return f"{settings.BASE_URL}{reverse('registrations:my_registration', args=[registration.key])}"


def my_sessions() -> str:
    return f"{settings.BASE_URL}{reverse('registrations:my_sessions')}"


def _signed(key: str, *, salt: str, page: str) -> str:
    token = signing.Signer(salt=salt).sign(key)
    return f"{settings.BASE_URL}{reverse(page, args=[token])}"
