from __future__ import annotations

from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django.core.files.uploadedfile import SimpleUploadedFile

from events.forms import EventForm
from events.forms import picture as picture_fields
from events.models import Event
from tests.events.pictures.images import bomb, give_picture, upload
from tests.events.test_forms import event_data
from tests.factories import make_event, make_organizer

pytestmark = pytest.mark.django_db
TWO: dict[str, Any] = {"picture_alt_en": "Two people", "picture_alt_nl": "Twee mensen"}


def form_with(file: SimpleUploadedFile | None = None, event: Event | None = None, **data: Any) -> EventForm:
    files = {"picture": file} if file else {}
    return EventForm(event_data(**data), files, instance=event, organizer=make_organizer())


def test_a_picture_with_both_descriptions_is_a_change() -> None:
    form = form_with(upload(), **TWO)

    assert form.is_valid(), form.errors
    change = form.facts().picture
    assert change
    assert change.picture
    assert (change.alt_en, change.alt_nl, change.is_removed) == ("Two people", "Twee mensen", False)


def test_without_a_picture_nothing_changes() -> None:
    form = form_with()

    assert form.is_valid(), form.errors
    change = form.facts().picture
    assert change
    assert change.picture is None


@pytest.mark.parametrize(
    ("file", "data", "field", "words"),
    [
        (upload(b"no picture"), TWO, "picture", "cannot read this"),
        (upload(b""), TWO, "picture", "empty"),
        (upload(bomb(20_000, 20_000)), TWO, "picture", "too many pixels"),
        (upload(), {"picture_alt_en": "Two people"}, "picture_alt_nl", "both languages"),
        (upload(), {"picture_alt_nl": "Twee mensen"}, "picture_alt_en", "both languages"),
        (upload(), TWO | {"is_discreet": "on"}, "picture", "discreet event has no picture"),
        (None, TWO, "picture", "Choose the picture"),
        (None, TWO | {"picture_alt_en": "x" * 201}, "picture_alt_en", "200"),
    ],
)
def test_an_error_is_beside_its_field(
    file: SimpleUploadedFile | None, data: dict[str, Any], field: str, words: str
) -> None:
    if file:
        file.seek(0)
    form = form_with(file, **data)

    assert list(form.errors) == [field]
    assert words in str(form.errors[field])


def test_a_file_that_is_too_large_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_fields, "MAX_UPLOAD", 1000)
    monkeypatch.setattr(picture_fields, "processed", pytest.fail)

    form = form_with(upload(), **TWO)

    assert list(form.errors) == ["picture"]
    assert "larger than" in str(form.errors)


def test_the_form_of_an_event_shows_its_picture() -> None:
    form = EventForm(instance=give_picture(make_event(), alt_en="A stage"), organizer=make_organizer())

    html = render_crispy_form(form)

    assert form.initial["picture_alt_en"] == "A stage"
    assert 'alt="A stage"' in html
    assert 'name="remove_picture"' in html


def test_the_picture_stays_if_none_is_chosen_and_goes_if_ticked() -> None:
    event = give_picture(make_event())

    kept, removed = form_with(event=event, **TWO), form_with(event=event, remove_picture="on")

    assert kept.is_valid(), kept.errors
    assert removed.is_valid(), removed.errors
    assert not kept.facts().picture.is_removed  # type: ignore[union-attr]  # a form always has one
    assert removed.facts().picture.is_removed  # type: ignore[union-attr]  # the same


def test_a_picture_that_stays_needs_its_description() -> None:
    form = form_with(event=give_picture(make_event()), picture_alt_en="", picture_alt_nl="Twee")

    assert list(form.errors) == ["picture_alt_en"]


def test_a_discreet_event_has_no_such_fields() -> None:
    form = EventForm(instance=make_event(is_discreet=True), organizer=make_organizer())

    assert not {"picture", "picture_alt_en", "picture_alt_nl", "remove_picture"} & set(form.fields)
    assert "Picture" not in render_crispy_form(form)
