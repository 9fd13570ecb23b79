"""The title of something inside a sentence of a mail: marked if it is in the other language, because the reader's has
no title, or written from right to left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.models.texts import other_language
from project.text.texts import in_language

if TYPE_CHECKING:
    from events.models import Event, Session


def titled(offer: Event | Session) -> str:
    """With the marks that `composing.compose` turns into `lang` and `<bdi>`."""
    return in_language(offer.title, other_language(offer, "title"))


def fully_titled(session: Session) -> str:
    """With what the session is part of, since no page around a mail tells it: "Talk 1A (Work conference, round 1)".
    Same as `Session.full_title`.
    """
    around = [part for part in (titled(session.event) if session.has_own_title else "", session.round_words) if part]
    return f"{titled(session)} ({', '.join(around)})" if around else titled(session)
