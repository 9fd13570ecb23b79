from __future__ import annotations

import pytest
from django.utils.translation import override

from events.enums import EventKind
from events.services.pictures.faces import FACES
from registrations.emails.wording.marks import RINGS, mail_mark


def test_every_kind_is_drawn():
    assert set(RINGS) == set(EventKind.values)


@pytest.mark.parametrize("kind", EventKind.values)
def test_a_mark_has_the_word_and_the_colours_of_its_kind(kind):
    with override("nl"):
        mark = mail_mark(kind)

        assert mark.word == str(EventKind(kind).label)
    assert (mark.ink, mark.tint) == (FACES[kind].ink, FACES[kind].tint)
