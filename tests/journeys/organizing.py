"""An organiser at work, through the pages: others come to what was made here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.journeys.visitor import Visitor

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Circle:
    """A small event with one date, open to everybody."""

    slug: str
    key: UUID

    @property
    def event_page(self) -> str:
        return f"/events/{self.slug}/"

    @property
    def page(self) -> str:
        return f"/sessions/{self.key}/"

    @property
    def workspace(self) -> str:
        return f"/organise/sessions/{self.key}/"


def open_circle(organizer: Visitor, *, title: str, seats: int, days_ahead: int = 21) -> Circle:
    """New event, one date, published: what an organiser does first. The forms themselves are looked at in
    `test_every_page`.
    """
    organizer.open("/organise/")
    organizer.follow("New event")
    _write_event(organizer, title)
    organizer.press("Save as a draft")
    organizer.reads("Saved as a draft. Nobody else sees it until you publish it.")
    organizer.look()
    organizer.follow("Add a date")
    _write_date(organizer, seats=seats, day=datetime.now(AMSTERDAM) + timedelta(days=days_ahead))
    organizer.press("Add this date")
    organizer.reads("The date is added.")
    organizer.press("Publish")
    organizer.reads("Published. Everybody can find it now.")
    slug = organizer.page.url.rstrip("/").rsplit("/", 1)[-1]
    organizer.page.locator(".dates tbody a").click()
    expect(organizer.page.locator(".truth")).to_be_visible()
    return Circle(slug, UUID(organizer.page.url.rstrip("/").rsplit("/", 1)[-1]))


def add_date(organizer: Visitor, circle: Circle, *, seats: int, days_ahead: int) -> Circle:
    """One more date of the same event."""
    organizer.open(f"/organise/events/{circle.slug}/")
    organizer.follow("Add a date")
    _write_date(organizer, seats=seats, day=datetime.now(AMSTERDAM) + timedelta(days=days_ahead))
    organizer.press("Add this date")
    organizer.reads("The date is added.")
    known = organizer.page.locator(".dates tbody a")
    addresses = [link.get_attribute("href") or "" for link in known.all()]
    keys = {UUID(address.rstrip("/").rsplit("/", 1)[-1]) for address in addresses} - {circle.key}
    return Circle(circle.slug, keys.pop())


def offer_seats(organizer: Visitor, circle: Circle) -> None:
    """From now on a seat that comes free is offered first, however long it still is."""
    organizer.open(f"/organise/events/{circle.slug}/edit/")
    details = organizer.page.locator("details", has=organizer.page.locator("[name=seated_until_hours]"))
    details.locator("summary").click()
    organizer.page.locator("[name=seated_until_hours]").fill("1000")
    organizer.press("Save")
    expect(organizer.page.locator(".dates")).to_be_visible()


def _write_event(organizer: Visitor, title: str) -> None:
    page = organizer.page
    page.locator("[name=title_en]").fill(title)
    page.locator("[name=title_nl]").fill(title)
    page.locator("[name=kind]").select_option("DIALOGUE")
    page.locator("[name=owner]").select_option(index=1)
    page.locator("[name=seat_scope]").select_option("EVENT")


def _write_date(organizer: Visitor, *, seats: int, day: datetime) -> None:
    page = organizer.page
    page.locator("[name=day]").fill(f"{day:%Y-%m-%d}")
    page.locator("[name=start]").fill("10:00")
    page.locator("[name=end]").fill("12:00")
    page.locator("[name=venue]").select_option(index=1)
    page.locator("[name=capacity]").fill(str(seats))
    page.locator("#id_language").select_option("en")
