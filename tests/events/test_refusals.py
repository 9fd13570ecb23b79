from __future__ import annotations

import pytest

from events.services.refusals import UnableToChange, legible
from project.text import texts


def test_a_text_that_nobody_could_read_is_refused_beside_its_field():
    with pytest.raises(UnableToChange) as refusal:
        legible(texts.paragraphs, "a\ud800", field="body")

    assert (refusal.value.code, refusal.value.field) == ("unreadable", "body")
