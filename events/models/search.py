from __future__ import annotations

from django.db import models

from events.models.session import Session


class SearchText(models.Model):
    """The words by which a date is found (`project.text.folding`), in a row of its own, as nothing but the search reads it. Written by
    `events.services.search`.
    """

    session = models.OneToOneField(Session, models.CASCADE, primary_key=True, related_name="search_text")
    folded = models.TextField()

    def __str__(self) -> str:
        return f"words of session {self.session_id}"


class SearchWord(models.Model):
    """Each word by which any date was ever found, to know what somebody meant who mistyped it."""

    word = models.TextField(primary_key=True)

    def __str__(self) -> str:
        return self.word
