"""What something is called, inside a sentence of a mail: in the other language where it has no title in the reader's, and from right to left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.models.texts import other_language
from project.texts import in_language

if TYPE_CHECKING:
    from events.models import Event, Session


def titled(offer: Event | Session) -> str:
    """With the marks that `letters.compose` writes as `lang` and `<bdi>`."""
    return in_language(offer.title, other_language(offer, "title"))
