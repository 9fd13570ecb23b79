"""The mails of an event as organisers read them before."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from project.accounts.models import User
from project.outbox.models import Message
from registrations.emails.wording.custom_texts import placeholders_of
from registrations.models import AccessLink, CustomText, Invite, Registration
from registrations.services.mailing import custom_texts, previews
from registrations.services.mailing.custom_texts import SubjectAndBody
from registrations.services.mailing.previews import EDITABLE_KINDS
from tests.factories import NOW, make_event, make_session, make_venue

pytestmark = pytest.mark.django_db

KIND = "registration-confirmed"
STORED = (CustomText, Message, Registration, Invite, AccessLink, User)


def everything():
    return [list(model.objects.order_by("pk").values()) for model in STORED]


@pytest.mark.parametrize("kind", EDITABLE_KINDS)
def test_every_mail_can_be_read_before(kind):
    session = make_session(event=make_event(title_en="Stand by me", title_nl="Sta naast me"), venue=make_venue())
    before = everything()

    said = "My " + "; ".join(f"{{{name}}}" for name in placeholders_of(kind) if name != "link")
    mails = custom_texts.preview_custom_text(
        event=session.event, kind=kind, texts={"en": SubjectAndBody("Mine: {title}", said)}, now=NOW
    )

    english, dutch = mails["en"], mails["nl"]
    assert english.subject == "Mine: Stand by me"
    for text in (english.text, english.html):
        assert "My Robin Example; Stand by me" in text
        assert ("; Thursday 12 March; 10:00–12:00; " in text) == ("date" in placeholders_of(kind))
        assert "Thursday 12 March 2026, 10:00–12:00" in text
        assert "Need to talk to someone?" in text
    assert "Sta naast me" in dutch.subject
    assert "Donderdag 12 maart 2026" in dutch.text
    assert "Mine" not in dutch.subject
    assert everything() == before


@pytest.mark.parametrize("kind", ["seats-confirmed", "dates-announced"])
def test_a_mail_about_several_dates_is_shown_with_those_to_come(kind):
    event = make_event()
    for days in (-9, 9, 11):
        make_session(event=event, starts_at=NOW + timedelta(days=days))

    mail = custom_texts.preview_custom_text(event=event, kind=kind, texts={}, now=NOW)["en"]

    assert re.findall(r"\w+ (\d+ March) 2026", mail.text) == ["11 March", "13 March"]


def test_an_event_without_dates_is_shown_with_one_that_will_never_be():
    event = make_event(title_en="Stand by me")

    mails = custom_texts.preview_custom_text(event=event, kind=KIND, texts={}, now=NOW)

    assert mails["en"].subject == "Confirmed: Stand by me, 1 April"


def test_the_next_date_is_shown_else_the_newest():
    event = make_event()
    newest = make_session(event=event, starts_at=NOW.replace(month=1))
    make_session(event=event, starts_at=NOW.replace(year=2025))

    assert previews.example_session(event, NOW) == newest

    soon = make_session(event=event)
    make_session(event=event, starts_at=soon.starts_at.replace(year=2027))
    assert previews.example_session(event, NOW) == soon


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("reply-declined", ["/keep/", "Until ", " the seat is still yours."]),
        ("reply-released", ["/keep/"]),
        ("reply-ask", ["/give-back/"]),
        ("access-granted", [f"/access/{previews.EXAMPLE_KEY}/", "The link works until ", "robin@example.org"]),
        ("dates-announced", ["/events/", "We tell you this once."]),
        ("host-changed", ["It was: Wednesday 11 March 2026"]),
    ],
)
def test_the_example_keeps_what_the_reader_needs(kind, kept):
    event = make_session().event

    mail = custom_texts.preview_custom_text(event=event, kind=kind, texts={"en": SubjectAndBody("x", "x")}, now=NOW)[
        "en"
    ]

    assert [words for words in kept if words not in mail.text] == []


@pytest.mark.parametrize("kind", EDITABLE_KINDS)
def test_the_example_asks_the_database_little(django_assert_max_num_queries, kind):
    session = make_session()

    with django_assert_max_num_queries(8):
        custom_texts.preview_custom_text(event=session.event, kind=kind, texts={}, now=NOW)
