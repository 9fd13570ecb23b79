"""The reason an organiser gives for a decision about a person: how it is stored, and how that person reads it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from events.services import refusals
from events.services.refusals import UnableToChange
from project.text import texts

LONGEST_REASON = 300


def legible(reason: str) -> str:
    """Returns the reason as it is stored (`project.text.texts`). Raises `UnableToChange`: `unreadable`,
    `reason-too-long`.
    """
    kept = refusals.legible(texts.paragraphs, reason, field="reason")
    if len(kept) > LONGEST_REASON:
        text = _("Keep it under %(most)d characters.")
        raise UnableToChange("reason-too-long", text % {"most": LONGEST_REASON}, field="reason")
    return kept


def required(reason: str) -> str:
    """As `legible`, but there must be a reason. Also raises `UnableToChange("reason-missing")`, including for a reason
    without any visible character.
    """
    kept = legible(reason)
    if not kept:
        raise UnableToChange(
            "reason-missing", _("Write down why, for the person and for your colleagues."), field="reason"
        )
    return kept
