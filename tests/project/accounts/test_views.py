from __future__ import annotations

import pytest

from project.accounts.models import User
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def test_choosing_a_language_sets_a_cookie_and_the_language_of_the_mails(client):
    person = make_person()
    client.force_login(person)

    response = client.post("/language/", {"language": "nl", "next": "/initiatives/"})

    person.refresh_from_db()
    assert response["Location"] == "/initiatives/"
    assert response.cookies["language"].value == "nl"
    assert person.language == "nl"


@pytest.mark.parametrize("language", ["", "tlh", "x" * 500, "en\x00"])
def test_an_unknown_language_changes_nothing(client, language):
    person = make_person()
    client.force_login(person)

    response = client.post("/language/", {"language": language, "next": "https://evil.example/"})

    person.refresh_from_db()
    assert response["Location"] == "/"
    assert "language" not in response.cookies
    assert person.language == "en"


def test_a_visitor_chooses_a_language_too(client):
    client.post("/language/", {"language": "nl", "next": "/"})

    assert '<html lang="nl"' in client.get("/").text


def test_a_get_request_changes_nothing(client):
    assert client.get("/language/").status_code == 405


@pytest.mark.parametrize(
    "elsewhere", ["http://[", "//evil.example/", "/\\evil.example/", "https://evil.example/", "javascript:alert(1)"]
)
def test_signing_in_and_out_never_redirects_to_another_site(client, elsewhere):
    assert client.get("/accounts/login/", {"next": elsewhere}).status_code == 200
    client.force_login(make_person())

    assert client.get("/accounts/login/", {"next": elsewhere})["Location"] == "/my/"
    assert client.post("/accounts/logout/", {"next": elsewhere})["Location"] == "/"


def test_an_address_too_long_in_lower_case_is_refused_beside_its_field(client):
    address = "a@" + ".".join(["\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}" * 58] * 4) + ".nl"

    response = client.post("/accounts/login/", {"email": address})

    assert response.status_code == 200
    assert response.context["form"].errors["email"]
    assert not User.objects.exists()
