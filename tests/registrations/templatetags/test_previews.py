from __future__ import annotations

import re
from html import unescape

import pytest

from events.enums import EventStatus
from registrations.templatetags.previews import preview_of_date
from tests.events.pictures.images import give_picture
from tests.factories import make_event, make_session, make_venue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TAG = re.compile(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">')


def told_on(client, offer, language="en"):
    page = client.get(offer.get_absolute_url(), headers={"Accept-Language": language}).content.decode()
    return {name: unescape(content) for name, content in TAG.findall(page)}


def test_a_link_to_an_event_shows_its_title_and_picture(client):
    event = make_event(
        slug="talk", kind="DIALOGUE", title_en='Talk "now" <b>', title_nl="Praatje", summary_en="About us."
    )

    assert told_on(client, event) == {
        "og:type": "website",
        "og:site_name": "Samen",
        "og:locale": "en_GB",
        "og:title": 'Talk "now" <b>',
        "og:description": "About us.",
        "og:url": "http://testserver/events/talk/",
        "og:image": "http://testserver/sharing/talk/en.png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": 'Conversation with the board: Talk "now" <b>',
        "twitter:card": "summary_large_image",
    }
    assert told_on(client, event, "nl")["og:image"] == "http://testserver/sharing/talk/nl.png"
    assert told_on(client, event, "nl")["og:title"] == "Praatje"


def test_a_link_to_a_date_says_when_and_where(client):
    event = make_event(summary_en="About us.")
    session = make_session(event=event, title_en="Second part", venue=make_venue(name="Aula", room="Hall"))

    told = told_on(client, session)

    assert told["og:title"] == "Second part"
    assert told["og:description"] == "Thursday 12 March 2026, 10:00–12:00, Aula, Hall. About us."
    assert told["og:url"] == f"http://testserver/sessions/{session.key}/"


def test_the_picture_that_is_named_is_there(client):
    event = give_picture(make_event())

    address = told_on(client, event)["og:image"].removeprefix("http://testserver")

    assert client.get(address)["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    "hidden", [{"is_discreet": True}, {"status": EventStatus.UNLISTED}, {"status": EventStatus.CANCELLED}]
)
def test_nothing_is_told_of_what_strangers_may_not_know(client, hidden):
    session = make_session(event=make_event(**hidden))

    assert told_on(client, session.event) == told_on(client, session) == {}
    assert "/sharing/" not in client.get(session.event.get_absolute_url()).content.decode()


def test_nothing_is_told_of_an_unlisted_date():
    assert preview_of_date(make_session(is_unlisted=True)) == ""
