from __future__ import annotations

import io

import pytest
from django.core.cache import cache
from PIL import Image

from events.enums import EventStatus
from events.models import Event, Picture
from events.services.pictures import drawing
from tests.events.pictures.images import give_picture
from tests.factories import make_event, make_organizer, make_person, make_unit

pytestmark = pytest.mark.django_db
HIDDEN = [{"status": EventStatus.DRAFT}, {"status": EventStatus.ARCHIVED}]


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def addresses(event: Event) -> list[str]:
    return [event.picture.get_absolute_url(), event.picture.avif_url]


def test_a_picture_is_kept_forever(client, django_assert_num_queries) -> None:
    for address, kind in zip(addresses(give_picture(make_event())), ("webp", "avif"), strict=True):
        with django_assert_num_queries(1):
            response = client.get(address)

        assert response["Content-Type"] == f"image/{kind}"
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert not response.cookies
        assert Image.open(io.BytesIO(response.content)).size == (1200, 600)


@pytest.mark.parametrize("status", [EventStatus.UNLISTED, EventStatus.CANCELLED])
def test_who_may_read_the_event_may_see_its_picture(client, status) -> None:
    assert client.get(addresses(give_picture(make_event(status=status)))[0]).status_code == 200


@pytest.mark.parametrize("hidden", HIDDEN)
def test_the_picture_of_a_draft_is_for_its_organisers(client, hidden) -> None:
    event = give_picture(make_event(owner=make_unit("me"), **hidden))
    [address, _] = addresses(event)

    assert client.get(address).status_code == 404
    for stranger in (make_person(), make_organizer(unit=make_unit("tpm"))):
        client.force_login(stranger)
        assert client.get(address).status_code == 404
    client.force_login(make_organizer(unit=make_unit("me")))
    seen = client.get(address)

    assert seen.status_code == 200
    assert seen["Cache-Control"] == "private, no-store"


def test_a_discreet_event_has_no_picture_for_anybody(client) -> None:
    event = give_picture(make_event())
    Event.objects.update(is_discreet=True)  # no verb does this
    client.force_login(make_organizer())

    assert [client.get(address).status_code for address in addresses(event)] == [404, 404]


def test_an_address_that_is_old_or_made_up_is_not_found(client) -> None:
    event = give_picture(make_event(slug="talk"))
    Picture.objects.update(avif=b"", has_avif=False)

    wrong = [f"/pictures/talk/{'0' * 20}.webp", f"/pictures/other/{event.picture.digest}.webp", event.picture.avif_url]
    wrong += [address.replace(".webp", ".png") for address in addresses(event)[:1]]

    assert [client.get(address).status_code for address in wrong] == [404] * 4
    assert client.get("/pictures/talk/" + "0" * 20 + ".webp")["Cache-Control"] == "private, no-store"


def test_a_sharing_picture_is_drawn_once_and_revalidated(client, django_assert_num_queries, monkeypatch) -> None:
    make_event(slug="talk", title_en="Talk", title_nl="Praatje")

    first = client.get("/sharing/talk/en.png")
    monkeypatch.setattr(drawing, "sharing_picture", pytest.fail)
    with django_assert_num_queries(1):
        again = client.get("/sharing/talk/en.png", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert first["Content-Type"] == "image/png"
    assert first["Cache-Control"] == again["Cache-Control"] == "public, max-age=86400"
    assert first["Content-Language"] == "en"
    assert not first.cookies


def test_the_language_is_in_the_address_and_nothing_else_counts(client) -> None:
    make_event(slug="talk", title_en="Talk", title_nl="Praatje")

    dutch = client.get("/sharing/talk/nl.png").content
    english = client.get("/sharing/talk/en.png?w=99999&lang=nl", headers={"Accept-Language": "nl"}).content

    assert dutch != english == client.get("/sharing/talk/en.png").content
    assert client.get("/sharing/talk/de.png").status_code == 404
    assert client.post("/sharing/talk/en.png").status_code == 405


@pytest.mark.parametrize(
    "hidden", [{"is_discreet": True}, {"status": EventStatus.UNLISTED}, {"status": EventStatus.CANCELLED}, *HIDDEN]
)
def test_what_strangers_may_not_know_of_has_no_sharing_picture(client, hidden) -> None:
    make_event(slug="talk", title_en="Heard of", **hidden)
    missing = [client.get("/sharing/talk/en.png"), client.get("/sharing/nothing/en.png")]

    assert [response.status_code for response in missing] == [404, 404]
    assert b"Heard of" not in missing[0].content
    client.force_login(make_organizer())
    assert client.get("/sharing/talk/en.png").status_code == 404
