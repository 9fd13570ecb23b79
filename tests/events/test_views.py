from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Initiative
from tests.factories import make_unit

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db

LIST = "/initiatives/"


def make_initiative(slug: str, **overrides: Any) -> Initiative:
    values: dict[str, Any] = {"category": "TRAINING", "title_en": slug, "title_nl": f"{slug} in het Nederlands"}
    return Initiative.objects.create(slug=slug, **(values | overrides))


def shown(client: Client, query: str = "") -> list[tuple[str, list[str]]]:
    categories = client.get(LIST + query).context["categories"]
    return [(str(theme.label), [initiative.slug for initiative in inside]) for theme, inside in categories]


def test_initiatives_are_shown_by_category(client: Client) -> None:
    make_initiative("etiquette", category="COURTESY", unit=make_unit("eemcs"))
    make_initiative("b-training")
    make_initiative("a-training", unit=make_unit("me"), link="https://example.org/a")

    assert reverse("events:initiatives") == LIST
    assert shown(client) == [
        ("Workshops and training", ["a-training", "b-training"]),
        ("Courtesy", ["etiquette"]),
    ]


def test_initiatives_are_filtered_by_unit_and_category(client: Client) -> None:
    make_initiative("everywhere")
    make_initiative("mine", unit=make_unit("me"))
    make_initiative("manners", category="COURTESY", unit=make_unit("me"))
    make_initiative("theirs", unit=make_unit("tpm"))

    assert shown(client, "?unit=me&category=TRAINING") == [("Workshops and training", ["everywhere", "mine"])]
    assert len(shown(client, "?unit=me")) == 2


@pytest.mark.parametrize(
    "query", ["?unit=zz", "?category=__class__", "?unit=%00", "?unit=me%27--&category=<b>", "?unit=😀"]
)
def test_initiatives_ignore_an_unknown_filter(client: Client, query: str) -> None:
    make_initiative("one", unit=make_unit("me"))

    assert shown(client, query) == [("Workshops and training", ["one"])]


def test_initiatives_in_dutch(client: Client) -> None:
    make_initiative("one")

    page = client.get(LIST, headers={"accept-language": "nl"}).content.decode()

    assert "one in het Nederlands" in page


@pytest.mark.parametrize("number", [1, 30])
def test_initiatives_cost_the_same_for_one_and_many(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    for place in range(number):
        make_initiative(f"one-{place}", unit=make_unit("me"))

    with django_assert_num_queries(2):
        client.get(LIST)


def test_initiatives_empty_page_helps(client: Client) -> None:
    assert "Nothing here yet" in client.get(LIST).content.decode()


def test_export_holds_both_languages_and_no_formula(client: Client) -> None:
    make_initiative("one", unit=make_unit("me"), summary_en='=HYPERLINK("https://bad.example")', summary_nl="+31 15")

    response = client.get("/initiatives.csv")

    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert rows[0][:3] == ["slug", "category", "unit"]
    assert rows[1] == [
        *("one", "TRAINING", "me", "one", "one in het Nederlands"),
        *('\'=HYPERLINK("https://bad.example")', "'+31 15", "", ""),
    ]


@pytest.mark.parametrize("path", [LIST, "/initiatives.csv", "/initiatives.json"])
def test_initiatives_are_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_feed_is_a_json_feed_in_the_language_of_the_reader(client: Client) -> None:
    make_initiative("one", unit=make_unit("me"), summary_nl="Elke maand.", link="https://example.org/one")

    response = client.get("/initiatives.json", headers={"accept-language": "nl"})

    feed = response.json()
    assert response["Content-Type"] == "application/feed+json"
    assert (feed["version"], feed["language"]) == ("https://jsonfeed.org/version/1.1", "nl")
    assert feed["home_page_url"] == "http://testserver/initiatives/"
    (item,) = feed["items"]
    assert (item["id"], item["title"], item["content_text"]) == ("one", "one in het Nederlands", "Elke maand.")
    assert item["url"] == "http://testserver/initiatives/#one"
    assert item["external_url"] == "https://example.org/one"
    assert "Workshops en trainingen" in item["tags"]


def test_initiative_names_the_address_to_write_to(client: Client) -> None:
    make_initiative("one", contact="etiquette@example.org")

    assert 'href="mailto:etiquette@example.org"' in client.get(LIST).content.decode()


@pytest.mark.parametrize("path", ["/privacy/", "/accessibility/"])
@pytest.mark.parametrize(
    ("language", "words"), [("en", "Reply to any of our emails"), ("nl", "Beantwoord een van onze")]
)
def test_the_pages_of_the_footer_say_where_to_write(
    client: Client, settings: Settings, path: str, language: str, words: str
) -> None:
    page = client.get(path, headers={"accept-language": language}).content.decode()

    assert words in page
    assert f'href="mailto:{settings.MAIL_FROM}"' in page
    assert f'href="{path}"' in client.get(LIST).content.decode()
