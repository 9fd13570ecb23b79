from __future__ import annotations

from django.db import models

from events.models.session import Session


class SearchText(models.Model):
    """The folded words of a session (`project.text.folding`), in a table of its own: only the search reads them.

    Written by `events.services.search`.
    """

    session = models.OneToOneField(Session, models.CASCADE, primary_key=True, related_name="search_text")
    folded = models.TextField()

    def __str__(self) -> str:
        return f"words of session {self.session_id}"


class SearchWord(models.Model):
    """A word of any session, to correct mistyped searches."""

    word = models.TextField(primary_key=True)

    def __str__(self) -> str:
        return self.word
