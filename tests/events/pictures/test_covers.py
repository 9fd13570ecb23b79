from __future__ import annotations

import pytest
from django.template import Context, Template

from events.enums import EventKind
from events.services.pictures.covers import BETWEEN, HEIGHT, WIDTH, composition
from tests.events.pictures.images import give_picture
from tests.factories import make_event

LIGHT = 1_200  # bytes


def face_of(event: object) -> str:
    return Template('{% include "events/_cover.html" %}').render(Context({"event": event})).strip()


def test_a_composition_depends_on_the_seed_alone() -> None:
    assert composition("mindlab") == composition("mindlab")
    assert len({repr(composition(f"event-{number}")) for number in range(50)}) == 50


def test_marks_become_smaller_from_right_to_left_and_stay_on_the_cover() -> None:
    for number in range(200):
        places = composition(str(number))

        assert len(places) == len(BETWEEN)
        assert places == sorted(places, key=lambda place: (-place.x, -place.size))
        assert all(0 < place.x < WIDTH and 0 < place.y < HEIGHT for place in places)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", EventKind.values)
def test_a_cover_is_light_decoration(kind: str) -> None:
    drawn = face_of(make_event(slug="s" * 80, kind=kind))

    assert drawn.startswith(f'<svg class="cover mark-{kind.lower()}"')
    assert 'aria-hidden="true"' in drawn
    assert len(drawn) < LIGHT


@pytest.mark.django_db
def test_two_events_of_a_kind_look_different_and_one_always_the_same() -> None:
    one, other = make_event(slug="one"), make_event(slug="other")

    assert face_of(one) == face_of(one) != face_of(other)


@pytest.mark.django_db
def test_a_picture_takes_the_place_of_the_cover() -> None:
    face = face_of(give_picture(make_event(slug="talk"), alt_en='Two "people"'))

    assert "<svg" not in face
    assert 'alt="Two &quot;people&quot;"' in face
    assert 'type="image/avif"' in face
    assert 'width="1200" height="600"' in face


@pytest.mark.django_db
def test_a_discreet_event_has_no_face() -> None:
    assert face_of(make_event(is_discreet=True)) == ""
