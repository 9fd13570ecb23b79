from __future__ import annotations

from django.db import models
from django.urls import reverse

from events.models.event import Event
from events.models.texts import in_reading_language


class Picture(models.Model):
    """A picture of an organiser, instead of the generated cover. It is in the database, so that a backup is one thing
    and every web server has it; at most 80 kB each, and a row of its own, so that no list reads it by accident.
    """

    event = models.OneToOneField(Event, models.CASCADE, related_name="picture")
    webp = models.BinaryField()
    avif = models.BinaryField()  # empty if it could not be made
    has_avif = models.BooleanField()
    digest = models.CharField(max_length=20)  # of the contents; in the address, so that browsers may keep it forever
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    alt_en = models.CharField(max_length=200)
    alt_nl = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(alt_en="") & ~models.Q(alt_nl=""), name="picture_is_described")
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.digest}"

    def get_absolute_url(self) -> str:
        """The address that every browser can show."""
        return self._url("webp")

    @property
    def avif_url(self) -> str:
        return self._url("avif")

    @property
    def alt(self) -> str:
        return in_reading_language(self, "alt")

    def _url(self, extension: str) -> str:
        return reverse("events:picture", args=[self.event.slug, self.digest, extension])
