from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse

from project.accounts.services import feed_secrets

if TYPE_CHECKING:
    from project.accounts.models import User


@dataclass(frozen=True)
class Subscription:
    """The ways to subscribe to one feed, each a link (specs/calendar.md R57). They work once the site is reachable from
    the internet.
    """

    path: str
    name: str

    @property
    def address(self) -> str:
        return f"{settings.BASE_URL}{self.path}"

    @property
    def webcal(self) -> str:
        """Opens the calendar program on the device: Apple Calendar, Thunderbird, Outlook."""
        return f"webcal://{self.address.partition('://')[2]}"

    @property
    def google(self) -> str:
        return f"https://calendar.google.com/calendar/r?cid={quote(self.webcal, safe='')}"

    @property
    def outlook_at_work(self) -> str:
        return self._outlook("outlook.office.com")

    @property
    def outlook_at_home(self) -> str:
        return self._outlook("outlook.live.com")

    def _outlook(self, host: str) -> str:
        asked = urlencode({"url": self.address, "name": self.name}, quote_via=quote)
        return f"https://{host}/calendar/0/addfromweb?{asked}"


def personal(person: User, *, name: str) -> Subscription:
    return Subscription(reverse("registrations:feed_mine", args=[feed_secrets.secret_of(person)]), name)


def public(*, unit: str = "", kind: str = "", language: str, name: str) -> Subscription:
    """The feed of one unit or one kind, each by its code, or of everything; in the subscriber's language."""
    if unit:
        path = reverse("registrations:feed_unit", args=[unit])
    elif kind:
        path = reverse("registrations:feed_kind", args=[kind.lower()])
    else:
        path = reverse("registrations:feed_events")
    return Subscription(path if language == settings.LANGUAGE_CODE else f"{path}?lang={language}", name)
