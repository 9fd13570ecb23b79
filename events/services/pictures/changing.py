"""Puts a picture on an event, changes its description, or takes it away; part of the verbs of `editing`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from events.models import Picture
from events.services.refusals import UnableToChange, legible
from project.text import texts

if TYPE_CHECKING:
    from events.models import Event
    from events.services.pictures.processing import Processed

DIGITS = 20  # of a hash, 80 bits: only organisers could make two that are the same


@dataclass(frozen=True, kw_only=True)
class PictureChange:
    """`picture` is a new one, or None to keep the one there is."""

    picture: Processed | None = None
    alt_en: str = ""
    alt_nl: str = ""
    is_removed: bool = False


def change_picture(event: Event, change: PictureChange) -> None:
    """Refuses: `picture-discreet`, `picture-not-described`, `unreadable`."""
    if change.is_removed:
        Picture.objects.filter(event=event).delete()
    elif change.picture:
        _refuse_discreet(event)
        Picture.objects.update_or_create(event=event, defaults=_described(change) | _contents(change.picture))
    elif Picture.objects.filter(event=event).exists():
        Picture.objects.filter(event=event).update(**_described(change))


def _refuse_discreet(event: Event) -> None:
    if event.is_discreet:
        text = _("A discreet event has no picture: somebody else may see it on the screen.")
        raise UnableToChange("picture-discreet", text, field="picture")


def _described(change: PictureChange) -> dict[str, str]:
    described = {
        name: legible(texts.one_line, text, field=f"picture_{name}")
        for name, text in (("alt_en", change.alt_en), ("alt_nl", change.alt_nl))
    }
    for name, text in described.items():
        if not text:
            words = _("Describe the picture for people who cannot see it.")
            raise UnableToChange("picture-not-described", words, field=f"picture_{name}")
    return described


def _contents(picture: Processed) -> dict[str, bytes | bool | int | str]:
    return {
        "webp": picture.webp,
        "avif": picture.avif,
        "has_avif": bool(picture.avif),
        "digest": hashlib.sha256(picture.webp + picture.avif).hexdigest()[:DIGITS],
        "width": picture.width,
        "height": picture.height,
    }
