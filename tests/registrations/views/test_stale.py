from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from registrations.enums import Status
from registrations.models import Interest, Registration
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.screens import event_url, text_of
from tests.registrations.support.seats.offered import everything, make_conference, statuses_of, take, two_dates

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HERE = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}


@pytest.fixture
def tab():
    """A browser that Django asks for its token."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def me(tab):
    person = make_person(name="Pat Person")
    tab.get("/")
    tab.force_login(person)
    return person


def press_again(tab, page, path):
    """Sends the form of the page as a browser does."""
    form = next(part for part in page.text.split("<form")[1:] if f'action="{path}"' in part.partition(">")[0])
    inputs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form.partition("</form>")[0])
    fields: dict[str, list[str]] = {}
    for name, value in inputs:
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    return tab.post(path, fields, headers=HERE)


def old_button(tab, path, data=None, **headers):
    return tab.post(path, {"csrfmiddlewaretoken": "x" * 64, **(data or {})}, headers=HERE | headers)


def test_a_seat_is_asked_for_anew_and_taken_by_the_click(tab, me):
    session = make_session()
    path = reverse("registrations:sign_up", args=[session.key])

    page = old_button(tab, path, {"next": "/my/"})
    before = statuses_of(me)
    done = press_again(tab, page, path)

    text = text_of(page)
    assert page.status_code == 403
    assert "<h1>Take this seat?</h1>" in text
    assert "You are signed in now, as Pat Person." in text
    assert session.title in text
    assert before == []
    assert (done.status_code, done["Location"], statuses_of(me)) == (302, "/my/", [Status.CONFIRMED])
    assert "no-store" in page["Cache-Control"]
    assert page["X-Frame-Options"] == "DENY"


def test_every_date_that_was_ticked_is_kept(tab, me):
    first, second = two_dates()
    path = event_url("wait", first.event)

    page = old_button(tab, path, {"dates": [first.key, second.key]})
    press_again(tab, page, path)

    assert "Save these dates?" in text_of(page)
    assert statuses_of(me) == [Status.WAITLISTED, Status.WAITLISTED]


def test_a_form_made_before_signing_in_gives_nothing_back(tab, me):
    event, (first, second), (one_a, *_, two_b) = make_conference()
    take(one_a, me)
    path = event_url("choose", event)

    page = old_button(tab, path, {f"round-{first.key}": "none", f"round-{second.key}": two_b.key, "adds": "1"})
    press_again(tab, page, path)

    assert statuses_of(me) == [Status.CONFIRMED, Status.CONFIRMED]


def test_swap_and_giving_back_are_asked_for_anew(tab, me):
    here = make_session()
    there = make_session(event=here.event, starts_at=NOW + timedelta(days=12))
    held = take(here, me)
    path = reverse("registrations:swap", args=[held.key])

    moved = old_button(tab, path, {"session": there.key})
    press_again(tab, moved, path)
    seat = Registration.objects.active().get()
    path = reverse("registrations:cancel", args=[seat.key])
    given_back = old_button(tab, path)
    press_again(tab, given_back, path)

    assert ("Move your seat to this date?" in text_of(moved), seat.session) == (True, there)
    assert "Give this back?" in text_of(given_back)
    assert statuses_of(me) == []


def test_the_word_on_the_button_is_what_it_does(tab, me):
    event = make_event()

    first = old_button(tab, event_url("wait", event), {"first": "1"})
    interest = old_button(tab, event_url("interest", event))

    assert ">Give me the first free seat</button>" in text_of(first)
    assert ">Tell me when there are dates</button>" in text_of(interest)
    assert not Interest.objects.exists()


def test_what_was_written_is_kept_and_escaped(tab, me):
    path = reverse("registrations:colleague", args=[make_session().key])
    written = 'a "quoted" line\r\n<script>alert(1)</script> & more'

    page = old_button(tab, path, {"address": written})

    assert "<script>alert" not in page.text
    hidden = re.findall(r'name="address" value="([^"]*)"', page.text)
    assert [html.unescape(text) for text in hidden] == [written]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://testserver", "sec-fetch-site": "same-site"},
        {"origin": ""},
    ],
)
def test_a_form_of_another_site_is_not_shown_again(tab, me, headers):
    path = reverse("registrations:sign_up", args=[make_session().key])

    page = old_button(tab, path, {"note": "words of a stranger"}, **headers)

    assert page.status_code == 403
    assert f'action="{path}"' not in page.text
    assert "words of a stranger" not in page.text


@pytest.mark.parametrize("name", ["account_login", "account_confirm_login_code", "account_logout"])
def test_a_form_of_signing_in_is_not_shown_again(tab, me, name):
    page = old_button(tab, reverse(name), {"email": "typed@demo.example", "code": "ABC DEF"})

    assert "typed@demo.example" not in page.text
    assert "ABC DEF" not in page.text


def test_a_file_is_not_sent_again(tab, me):
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415  # for this test alone

    path = reverse("registrations:sign_up", args=[make_session().key])

    page = old_button(tab, path, {"file": SimpleUploadedFile("a.txt", b"a"), "next": "/my/"})

    assert f'action="{path}"' not in page.text


def test_what_was_written_outlasts_the_end_of_a_sign_in(client):
    """`login_required` alone would send a form to the sign-in and forget it."""
    path = reverse("registrations:swap", args=[take(make_session(), make_person()).key])
    before = everything()

    page = client.post(path, {"session": "kept"}, headers=HERE)

    assert page.status_code == 403
    assert "Sign in in another tab" in text_of(page)
    assert 'name="session" value="kept"' in page.text
    assert everything() == before


def test_a_hidden_date_is_not_told_of(tab, me):
    session = make_session(is_unlisted=True, title_en="A secret date")

    page = old_button(tab, reverse("registrations:sign_up", args=[session.key]))

    assert "A secret date" not in page.text
