from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from project.demo.services import mailbox
from project.outbox.adapters import EmlFileBackend
from registrations.models import Registration
from tests.factories import make_person, make_session
from tests.project.demo import urls  # now, while DEMO=0: `project.urls` looks at it once

pytestmark = pytest.mark.django_db

CALENDAR = "\r\n".join(
    [
        *(
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//x//y//EN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            "UID:1@demo.example",
        ),
        *("DTSTAMP:20260301T090000Z", "DTSTART:20260312T090000Z", "DTEND:20260312T120000Z", "SUMMARY:Mindlab"),
        *("SEQUENCE:2", "ORGANIZER:mailto:samen@demo.example", "END:VEVENT", "END:VCALENDAR", ""),
    ]
)


@pytest.fixture(autouse=True)
def demo(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO = True
    settings.ROOT_URLCONF = urls.__name__
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")


def send(subject: str = "Your seat", html: str = "<p>Hello</p><script>x</script>", calendar: str = "") -> str:
    message = EmailMultiAlternatives(subject, "Hello, see https://example.org/x", "a@demo.example", ["b@demo.example"])
    message.attach_alternative(html, "text/html")
    if calendar:
        message.attach_alternative(calendar, "text/calendar")
    EmlFileBackend().send_messages([message])
    return mailbox.latest()[0].name


def test_home_lists_people_and_mails(client: Client) -> None:
    send("First <b>")
    send("Second")

    page = client.get("/demo/").content.decode()

    assert 'value="student@demo.example"' in page
    assert page.index("Second") < page.index("First &lt;b&gt;")


def test_home_without_mails_explains_that(client: Client) -> None:
    assert "No emails yet" in client.get("/demo/").content.decode()


@pytest.mark.parametrize("path", ["/demo/", "/demo/mails/20260302T090000.000000/", "/demo/mails/x/html/"])
def test_pages_are_404_outside_the_demo(client: Client, settings: Settings, path: str) -> None:
    settings.DEMO = False

    assert client.get(path).status_code == 404
    assert client.post("/demo/sign-in/", {"person": make_person().email}).status_code == 404


def test_urls_do_not_include_the_demo_without_it(client: Client, settings: Settings) -> None:
    settings.ROOT_URLCONF = "project.urls"

    assert client.get("/demo/").status_code == 404


def test_sign_in_signs_in_as_that_person(client: Client) -> None:
    person = make_person(email="student@demo.example")

    response = client.post("/demo/sign-in/", {"person": " Student@demo.example ", "next": "/initiatives/"})

    assert (response.status_code, response["Location"]) == (302, "/initiatives/")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_sign_in_completes_a_pending_sign_up(client: Client) -> None:
    session = make_session(starts_at=timezone.now() + timedelta(days=9))
    person = make_person(email="student@demo.example")
    client.post(f"/sessions/{session.key}/sign-up/")

    response = client.post("/demo/sign-in/", {"person": person.email})

    assert response["Location"] == session.get_absolute_url()
    assert Registration.objects.get().attendee == person


@pytest.mark.parametrize(
    "address", ["", "nobody@demo.example", "person@other.example", "x" * 500, "a\x00@demo.example"]
)
def test_sign_in_as_an_unknown_person_is_refused(client: Client, address: str) -> None:
    make_person(email="person@other.example")

    response = client.post("/demo/sign-in/", {"person": address})

    assert response.status_code == 404
    assert "_auth_user_id" not in client.session


def test_sign_in_never_redirects_to_another_site(client: Client) -> None:
    person = make_person()

    response = client.post("/demo/sign-in/", {"person": person.email, "next": "https://bad.example/"})

    assert response["Location"] == "/"


def test_sign_in_needs_a_post_with_a_csrf_token() -> None:
    person = make_person()

    assert Client().get("/demo/sign-in/", {"person": person.email}).status_code == 405
    assert Client(enforce_csrf_checks=True).post("/demo/sign-in/", {"person": person.email}).status_code == 403


def test_mail_shows_texts_and_calendar(client: Client) -> None:
    name = send(calendar=CALENDAR)

    response = client.get(f"/demo/mails/{name}/")

    page = response.content.decode()
    assert f'src="/demo/mails/{name}/html/"' in page
    assert "sandbox" in page
    assert '<a dir="auto" href="https://example.org/x"' in page
    assert "<script>x" not in page
    facts = {fact.name: fact.value for fact in response.context["mail"].calendar_facts}
    assert facts == {
        "METHOD": "REQUEST",
        "SUMMARY": "Mindlab",
        "DTSTART": "2026-03-12 09:00 UTC",
        "DTEND": "2026-03-12 12:00 UTC",
        "SEQUENCE": "2",
        "UID": "1@demo.example",
        "ORGANIZER": "samen@demo.example",
    }


def test_mail_without_calendar(client: Client) -> None:
    assert "calendar entry" not in client.get(f"/demo/mails/{send()}/").content.decode()


def test_mail_html_is_sandboxed_by_its_policy(client: Client) -> None:
    response = client.get(f"/demo/mails/{send()}/html/")

    rules = {rule.strip() for rule in response["Content-Security-Policy"].split(";")}
    assert rules == {
        *("default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", "frame-ancestors 'self'", "sandbox"),
    }
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response.content.strip() == b"<p>Hello</p><script>x</script>"


@pytest.mark.parametrize(
    "name", ["20260302T090000.000000", "..", "../secret", "..%2Fsecret", "x", "20260302T090000.000000\n", "%00", "é"]
)
def test_an_unknown_mail_is_404(client: Client, tmp_path: Path, name: str) -> None:
    send()
    (tmp_path / "secret.eml").write_text("Subject: secret\n\nx")

    for path in (f"/demo/mails/{quote(name, safe='%')}/", f"/demo/mails/{quote(name, safe='%')}/html/"):
        assert client.get(path).status_code == 404


def test_mailbox_without_a_folder_is_empty(settings: Any, tmp_path: Path) -> None:
    del settings.EMAIL_FILE_PATH
    settings.DATA_DIR = tmp_path

    assert mailbox.latest() == []


def test_mailbox_ignores_unfinished_and_foreign_files(tmp_path: Path) -> None:
    send()
    (tmp_path / "mail" / ".20260302T090000.000000").write_text("half")
    (tmp_path / "mail" / "note.eml").write_text("Subject: x\n\ny")

    assert len(mailbox.latest()) == 1


def test_mailbox_reads_an_empty_mail(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "20260302T090000.000000.eml").write_bytes(b"\n")

    mail = mailbox.latest()[0]
    assert (mail.subject, mail.sender, mail.recipient, mail.calendar_facts) == ("", "", "", [])
