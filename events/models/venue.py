from __future__ import annotations

from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.texts import in_reading_language

MAP = "https://www.openstreetmap.org"


class Venue(models.Model):
    """A room that people can find, and get into."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("building"), max_length=120)
    room = models.CharField(_("room"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    capacity = models.PositiveIntegerField(_("people the room holds"))
    directions_en = models.TextField(blank=True)
    directions_nl = models.TextField(blank=True)
    accessibility_en = models.TextField(blank=True)
    accessibility_nl = models.TextField(blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["name", "room"]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.room) if part)

    @property
    def map_url(self) -> str:
        """The place on OpenStreetMap: a pin, or a search for the address; empty if we know neither."""
        if self.latitude is not None and self.longitude is not None:
            pin = urlencode({"mlat": self.latitude, "mlon": self.longitude})
            return f"{MAP}/?{pin}#map=18/{self.latitude}/{self.longitude}"
        return f"{MAP}/search?{urlencode({'query': self.address})}" if self.address else ""

    @property
    def directions(self) -> str:
        return in_reading_language(self, "directions")

    @property
    def accessibility(self) -> str:
        return in_reading_language(self, "accessibility")
