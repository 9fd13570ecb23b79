from __future__ import annotations

import pytest

from project.accounts.models import User
from tests.factories import make_person

pytestmark = pytest.mark.django_db


QUESTION, ON_A_DUTCH_PAGE = "Shall our emails be in English too?", "Zullen we je ook in het Nederlands mailen?"


def switched(client, pages="nl", **values):
    """A signed-in person who switches the pages to a language, and the page they see then."""
    person = make_person(**values)
    client.force_login(person)
    client.post("/language/", {"language": pages, "next": "/initiatives/"})
    return person, client.get("/initiatives/").text


def test_choosing_a_language_sets_a_cookie_and_leaves_the_mails_as_they_are(client):
    person = make_person()
    client.force_login(person)

    response = client.post("/language/", {"language": "nl", "next": "/initiatives/"})

    person.refresh_from_db()
    assert response["Location"] == "/initiatives/"
    assert response.cookies["language"].value == "nl"
    assert person.language == "en"


@pytest.mark.parametrize(("answer", "mails"), [("yes", "nl"), ("no", "en"), ("", "en")])
def test_people_are_asked_once_whether_their_mails_follow(client, answer, mails):
    person, page = switched(client)
    assert ON_A_DUTCH_PAGE in page
    assert "Nee, houd het bij Engels" in page

    response = client.post("/language/mails/", {"answer": answer, "next": "/initiatives/"})

    person.refresh_from_db()
    assert response["Location"] == "/initiatives/"
    assert (person.language, person.has_chosen_mail_language) == (mails, True)
    assert ON_A_DUTCH_PAGE not in client.get("/initiatives/").text
    client.post("/language/", {"language": "en", "next": "/"})
    client.post("/language/", {"language": "nl", "next": "/"})
    assert ON_A_DUTCH_PAGE not in client.get("/initiatives/").text


def test_the_question_is_asked_in_english_too(client):
    assert QUESTION in switched(client, "en", language="nl")[1]


@pytest.mark.parametrize("values", [{"language": "nl"}, {"has_chosen_mail_language": True}])
def test_nobody_is_asked_without_need(client, values):
    assert ON_A_DUTCH_PAGE not in switched(client, **values)[1]


def test_switching_back_withdraws_the_question(client):
    switched(client)

    client.post("/language/", {"language": "en", "next": "/"})

    assert QUESTION not in client.get("/initiatives/").text
    assert "Shall our emails" not in client.get("/").text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", ""])
def test_the_answer_never_leads_to_another_site(client, target):
    switched(client)

    assert client.post("/language/mails/", {"answer": "no", "next": target})["Location"] == "/"


def test_only_people_who_are_signed_in_answer(client):
    assert client.post("/language/mails/", {"answer": "yes"})["Location"].startswith("/accounts/login/")
    assert client.get("/language/mails/").status_code in {302, 405}


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
