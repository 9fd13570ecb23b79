from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from registrations.services.organizing import capacity
from tests.factories import NOW, make_event, make_organizer, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ATOM = "{http://www.w3.org/2005/Atom}"


def _xml(response):
    return ET.fromstring(response.content)  # noqa: S314  # we wrote it ourselves


def test_news_are_the_newest_changes_first(client):
    event = make_event(
        title_en="Talk <b> & more", summary_en="<script>alert(1)</script>\x0b", changed_at=NOW - timedelta(days=9)
    )
    make_session(event=event, title_en="Older", changed_at=NOW - timedelta(days=2))
    newest = make_session(event=event, changed_at=NOW - timedelta(days=1))
    make_session(event=event, title_en="Over", starts_at=NOW - timedelta(days=5))

    response = client.get("/feeds/events.atom")

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = _xml(response)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["Talk <b> & more, 12 March", "Older (Talk <b> & more), 12 March"]
    first = next(feed.iter(f"{ATOM}entry"))
    assert first.findtext(f"{ATOM}id") == f"urn:uuid:{newest.ical_uid}"
    assert first.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}updated") == "2026-03-01T09:00:00+00:00"
    assert "&lt;script&gt;" in first.findtext(f"{ATOM}summary")
    assert "Thursday 12 March 2026" in first.findtext(f"{ATOM}summary")


def test_cancelled_dates_are_news_too_and_empty_news_are_whole(client):
    assert _xml(client.get("/feeds/events.atom")).findtext(f"{ATOM}updated") == "2026-03-02T00:00:00+01:00"
    session = make_session(event=make_event(title_en="Talk", title_nl="Praatje"))
    capacity.cancel_session(session_key=session.key, actor=make_organizer(), now=NOW)

    feed = _xml(client.get("/feeds/events.atom?lang=nl"))

    assert "Praatje, 12 maart" in next(feed.iter(f"{ATOM}entry")).findtext(f"{ATOM}title")


def test_news_in_the_other_language_say_which(client):
    make_session(event=make_event(title_en="", title_nl="Praatje"))
    language = "{http://www.w3.org/XML/1998/namespace}lang"

    english = next(_xml(client.get("/feeds/events.atom?lang=en")).iter(f"{ATOM}entry"))
    dutch = next(_xml(client.get("/feeds/events.atom?lang=nl")).iter(f"{ATOM}entry"))

    assert (english.get(language), dutch.get(language)) == ("nl", None)


def test_each_date_has_the_category_of_its_kind_and_the_feed_an_icon(client):
    make_session(event=make_event(kind="DIALOGUE"))

    feed = _xml(client.get("/feeds/events.atom?lang=nl"))

    [category] = feed.iter(f"{ATOM}category")
    assert category.attrib == {
        "term": "dialogue",
        "scheme": "http://testserver/feeds/kinds/",
        "label": "Gesprek met het bestuur",
    }
    assert feed.findtext(f"{ATOM}icon", "").startswith("http://testserver/static/favicon")
