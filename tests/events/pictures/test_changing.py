from __future__ import annotations

import io
from typing import Any

import pytest

from events.models import Event, Picture
from events.services import editing
from events.services.pictures.changing import PictureChange
from events.services.pictures.processing import Processed, processed
from events.services.refusals import UnableToChange
from tests.events.pictures.images import give_picture, photo
from tests.factories import NOW, make_event, make_organizer, make_unit

pytestmark = pytest.mark.django_db
TWO: dict[str, Any] = {"alt_en": "Two people", "alt_nl": "Twee mensen"}


def new() -> Processed:
    return processed(io.BytesIO(photo()))


def edit(event: Event, change: PictureChange | None) -> Event:
    facts = editing.EventFacts(owner=make_unit(), texts={"title_en": "Changed"}, picture=change)
    return editing.edit_event(event_key=event.key, facts=facts, actor=make_organizer(), now=NOW)


def test_an_event_is_made_with_a_picture() -> None:
    facts = editing.EventFacts(
        owner=make_unit(), texts={"title_en": "Talk"}, picture=PictureChange(picture=new(), **TWO)
    )

    event = editing.create_event(facts=facts, actor=make_organizer(), now=NOW)

    stored = Picture.objects.get()
    assert stored.event == event
    assert (stored.alt_en, stored.alt_nl, stored.width, stored.has_avif) == ("Two people", "Twee mensen", 1200, True)
    assert str(stored) == f"{event.pk} {stored.digest}"


def test_another_picture_has_another_address() -> None:
    event = give_picture(make_event())
    first = Picture.objects.get().get_absolute_url()

    edit(event, PictureChange(picture=processed(io.BytesIO(photo(size=(700, 400)))), **TWO))

    assert Picture.objects.get().get_absolute_url() != first


def test_without_a_new_picture_only_the_description_changes() -> None:
    event = give_picture(make_event())
    before = Picture.objects.get()

    edit(event, PictureChange(alt_en=" Other  people ", alt_nl="Anderen"))

    after = Picture.objects.get()
    assert (after.alt_en, after.alt_nl, after.digest) == ("Other people", "Anderen", before.digest)


def test_a_picture_is_removed_and_left_alone() -> None:
    event = give_picture(make_event())

    edit(event, None)
    assert Picture.objects.exists()
    edit(event, PictureChange(is_removed=True))

    assert not Picture.objects.exists()


def test_no_picture_and_no_change_of_it_is_fine() -> None:
    edit(make_event(), PictureChange())

    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    ("described", "is_discreet", "code", "field"),
    [
        ({"alt_en": ""}, False, "picture-not-described", "picture_alt_en"),
        ({"alt_nl": "  "}, False, "picture-not-described", "picture_alt_nl"),
        ({"alt_nl": "a\x00"}, False, "unreadable", "picture_alt_nl"),
        ({}, True, "picture-discreet", "picture"),
    ],
)
def test_a_refused_picture_changes_nothing(
    described: dict[str, str], code: str, field: str, *, is_discreet: bool
) -> None:
    event = make_event(title_en="As it was", is_discreet=is_discreet, status="DRAFT")
    words = TWO | described

    with pytest.raises(UnableToChange) as refused:
        edit(event, PictureChange(picture=new(), **words))

    assert (refused.value.code, refused.value.field) == (code, field)
    assert not Picture.objects.exists()
    assert Event.objects.get().title_en == "As it was"
