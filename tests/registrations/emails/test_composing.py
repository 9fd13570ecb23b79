"""The skeleton that every mail has."""

from __future__ import annotations

import pytest

from project.outbox.models import Message
from registrations.emails.composing import Paragraph, Reader, compose
from registrations.emails.wording.custom_texts import CustomWording

pytestmark = pytest.mark.django_db


def reader(*, name="Ann", is_discreet=False):
    return Reader(message=Message(address="ann@example.org", language="en"), name=name, is_discreet=is_discreet)


def test_a_typed_text_of_several_lines_is_long():
    assert Paragraph("one\ntwo", is_typed=True).is_long
    assert not Paragraph("one\ntwo").is_long
    assert not Paragraph("one\ntwo", is_typed=True, url="https://example.org").is_long


def test_compose_leaves_no_gap_of_blank_lines():
    letter = compose(reader(), subject="A subject", context={"news": "News.", "paragraphs": [Paragraph("Below.")]})

    assert "News." in letter.text
    assert "Below." in letter.text
    assert "\n\n\n" not in letter.text


def test_only_a_discreet_mail_hides_its_sender(settings):
    senders = [
        compose(reader(is_discreet=is_discreet), subject="A subject", context={"news": "News."}).sender_name
        for is_discreet in (False, True)
    ]

    assert senders == ["", settings.DISCREET_FROM_NAME]


def test_own_words_take_the_place_of_the_subject_alone():
    own = CustomWording(subject="Mine", opening=())

    letter = compose(reader(), subject="A subject", context={"news": "News."}, own=own)

    assert letter.subject == "Mine"
    assert "News." in letter.text


def test_the_kind_of_the_event_stands_on_top_without_a_picture_to_load():
    letter = compose(reader(), subject="A subject", context={"news": "News.", "event_kind": "TRAINING"})

    assert letter.html.index("Training</span>") < letter.html.rindex("News.")
    assert "background-color:#e0efec" in letter.html
    assert not any(loads in letter.html for loads in ("<img", "url(", "src=", "cid:"))


def test_a_discreet_mail_has_no_mark():
    context = {"news": "News.", "event_kind": "TRAINING"}

    letter = compose(reader(is_discreet=True), subject="A subject", context=context)

    assert "Training" not in letter.html
    assert 'class="kind"' not in letter.html
