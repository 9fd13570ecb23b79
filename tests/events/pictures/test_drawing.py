from __future__ import annotations

import io

import pytest
from django.core.cache import cache
from django.utils.translation import override
from PIL import Image

from events.enums import EventKind
from events.models import Event
from events.services.pictures import drawing
from project.web.failover_cache import breaker

HEAVY = 60_000  # bytes: what WhatsApp still shows at once is several times that


def event_of(**overrides: str) -> Event:
    return Event(
        **({"slug": "talk", "kind": EventKind.DIALOGUE, "title_en": "Talk", "title_nl": "Praatje"} | overrides)
    )


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()
    drawing._drawn.cache_clear()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", EventKind.values)
@pytest.mark.parametrize("title", ["Talk", "W" * 150, "word " * 29, "✨", "<b>&amp;</b> \u202e"])
def test_any_title_becomes_a_light_picture(kind: str, title: str) -> None:
    picture = Image.open(io.BytesIO(drawing.sharing_picture(event_of(kind=kind, title_en=title))))

    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert picture.fp is not None
    assert len(drawing.sharing_picture(event_of(kind=kind, title_en=title))) < HEAVY


@pytest.mark.django_db
def test_a_picture_is_in_the_language_of_the_reader() -> None:
    with override("en"):
        english, of_english = drawing.sharing_picture(event_of()), drawing.stamp(event_of())
    with override("nl"):
        dutch, of_dutch = drawing.sharing_picture(event_of()), drawing.stamp(event_of())

    assert english != dutch
    assert of_english != of_dutch


@pytest.mark.django_db
def test_a_picture_is_drawn_once_for_all_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = drawing.sharing_picture(event_of())
    monkeypatch.setattr(drawing, "_drawn", pytest.fail)

    assert drawing.sharing_picture(event_of()) == drawn


@pytest.mark.django_db
def test_without_redis_the_process_remembers_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(breaker()), "is_away", True)

    drawn = drawing.sharing_picture(event_of())

    assert drawing.sharing_picture(event_of()) is drawn
    assert drawing._drawn.cache_info().misses == 1


def test_the_stamp_changes_with_what_is_shown() -> None:
    stamps = {drawing.stamp(event) for event in (event_of(), event_of(title_en="Other"), event_of(slug="other"))}

    assert len(stamps) == 3
    assert drawing.stamp(event_of()) == drawing.stamp(event_of(summary_en="Not shown"))
