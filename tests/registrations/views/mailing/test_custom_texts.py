"""The pages for an organiser's own words in the mails of an event."""

from __future__ import annotations

import pytest
from django.urls import reverse

from project.accounts.enums import RoleKind
from registrations.emails.wording.custom_texts import placeholders_of
from registrations.models import CustomText
from registrations.services.mailing import custom_texts
from registrations.services.mailing.custom_texts import SubjectAndBody
from registrations.services.mailing.previews import EDITABLE_KINDS
from registrations.templatetags.organizing import MAILS
from tests.factories import NOW, make_event, make_organizer, make_session, make_unit
from tests.registrations.support.mails import make_secret_session
from tests.registrations.support.screens import log_in_as, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

KIND = "registration-confirmed"
SAID = {"subject_en": "Hi {name}", "body_en": "Bring lunch.", "subject_nl": "", "body_nl": ""}


def page(event, name="organize_words", kind=KIND, *more):
    arguments = [event.slug] if name == "organize_mails" else [event.slug, kind, *more]
    return reverse(f"registrations:{name}", args=arguments)


def pages_of(event):
    return [page(event, "organize_mails"), page(event), page(event, "organize_words_shown", KIND, "en")]


def stored():
    return list(CustomText.objects.order_by("pk").values_list("kind", "language", "subject", "body"))


def save(event, kind=KIND, **words):
    custom_texts.save_custom_text(event_key=event.key, kind=kind, texts=words, actor=make_organizer(), now=NOW)


# --- who may come in


def test_organisers_of_the_unit_open_every_page(client, organizer):
    assert {client.get(each).status_code for each in pages_of(make_event())} == {200}


@pytest.mark.parametrize("kind", [RoleKind.HOST, RoleKind.DOOR, RoleKind.BOARD, RoleKind.ADMINISTRATOR])
def test_every_other_role_finds_nothing_and_changes_nothing(client, kind):
    session = make_session()
    save(session.event, en=SubjectAndBody("One"))
    log_in_as(client, kind, session)

    answers = {client.get(each).status_code for each in pages_of(session.event)}
    answers |= {client.post(page(session.event), SAID | {"save": "1"}).status_code}
    answers |= {client.post(page(session.event, "organize_words_reset")).status_code}

    assert answers == {404}
    assert stored() == [(KIND, "en", "One", "")]


def test_organisers_of_another_unit_are_told_it_is_not_theirs(client):
    session = make_session()
    log_in_as(client, RoleKind.ORGANIZER, session, unit=make_unit("tpm"))

    assert {client.get(each).status_code for each in pages_of(session.event)} == {403}
    assert client.post(page(session.event), SAID | {"save": "1"}).status_code == 403
    assert stored() == []


def test_visitors_are_asked_to_sign_in(client):
    for each in pages_of(make_event()):
        assert client.get(each)["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("kind", ["sign-in-code", "notice", "nothing"])
def test_a_mail_that_has_no_own_words_is_not_found(client, organizer, kind):
    event = make_event()

    assert client.get(page(event, kind=kind)).status_code == 404
    assert client.post(page(event, "organize_words_reset", kind)).status_code == 404
    assert client.get(page(event, "organize_words_shown", kind, "en")).status_code == 404


def test_reset_asks_for_a_post(client, organizer):
    assert client.get(page(make_event(), "organize_words_reset")).status_code == 405


# --- the list


def test_the_list_names_every_mail_and_whose_words_it_has(client, organizer):
    event = make_event()
    save(event, en=SubjectAndBody("One"), nl=SubjectAndBody("Een"))

    said = text_of(client.get(page(event, "organize_mails")))

    assert said.count("Standard text") == len(EDITABLE_KINDS) - 1
    assert "Your own text (English, Nederlands)" in said
    assert set(EDITABLE_KINDS) <= set(MAILS)
    for kind in EDITABLE_KINDS:
        assert page(event, kind=kind) in said
    for group in (
        "To people who come, wait or ask for a seat",
        "After an answer in a calendar",
        "To people who lead a session",
    ):
        assert said.count(group) == 1


def test_a_discreet_event_says_why_its_mails_cannot_be_changed(client, organizer):
    event = make_secret_session().event

    said = text_of(client.get(page(event, "organize_mails")))

    assert "The emails of a discreet event always say the same." in said
    assert page(event) not in said
    assert client.get(page(event)).status_code == 404
    assert client.post(page(event), SAID | {"save": "1"}).status_code == 404
    assert stored() == []


def test_the_list_costs_the_same_whatever_is_written(client, organizer, django_assert_num_queries):
    event = make_event()
    for kind in EDITABLE_KINDS:
        save(event, kind, en=SubjectAndBody("One"), nl=SubjectAndBody("Een"))

    with django_assert_num_queries(5):
        client.get(page(event, "organize_mails"))

    CustomText.objects.all().delete()
    with django_assert_num_queries(5):
        client.get(page(event, "organize_mails"))


# --- words: shown, saved, taken back


@pytest.mark.parametrize("kind", EDITABLE_KINDS)
def test_every_mail_is_shown_as_it_is_now(client, organizer, kind):
    event = make_session().event
    save(event, kind, en=SubjectAndBody("Mine of {name}", "My <b>text</b>"))

    response = client.get(page(event, kind=kind))

    assert "How it looks now" in text_of(response)
    assert "Mine of Robin Example" in text_of(response)
    assert "My &lt;b&gt;text&lt;/b&gt;" in text_of(response)
    frame = client.get(page(event, "organize_words_shown", kind, "en"))
    assert "My &lt;b&gt;text&lt;/b&gt;" in text_of(frame)


def test_words_are_shown_before_they_are_saved(client, organizer):
    event = make_session().event

    response = client.post(page(event), SAID)

    assert "How it would look" in text_of(response)
    assert "Hi Robin Example" in text_of(response)
    assert stored() == []
    frame = page(event, "organize_words_shown", KIND, "en")
    assert f'src="{frame}?draft=1"' in response.content.decode()
    assert "Bring lunch." in text_of(client.get(f"{frame}?draft=1"))
    assert "Bring lunch." not in text_of(client.get(frame))
    assert "Bring lunch." not in text_of(
        client.get(page(make_session().event, "organize_words_shown", KIND, "en") + "?draft=1")
    )


def test_words_are_saved_and_taken_back(client, organizer):
    event = make_event()

    saved = client.post(page(event), SAID | {"save": "1"}, follow=True)

    assert saved.redirect_chain == [(page(event), 302)]
    assert stored() == [(KIND, "en", "Hi {name}", "Bring lunch.")]
    assert 'value="Hi {name}"' in saved.content.decode()
    client.post(page(event, "organize_words_reset"))
    assert stored() == []


@pytest.mark.parametrize("action", [{}, {"save": "1"}])
@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("subject_en", "x" * 151),
        ("body_nl", "x" * 2001),
        ("subject_nl", "{naam}"),
        ("body_en", "{name.__class__.__mro__}"),
        ("body_en", "{% load x %}"),
        ("subject_en", "{{ settings.SECRET_KEY }}"),
        ("body_nl", "\x00"),
    ],
)
def test_words_that_cannot_be_are_refused_beside_the_field(client, organizer, action, field, typed):
    event = make_event()

    response = client.post(page(event), SAID | {field: typed} | action)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert stored() == []


def test_opening_pages_changes_nothing(client, organizer):
    event = make_session().event
    save(event, en=SubjectAndBody("One"))
    before = list(CustomText.objects.values())

    for each in pages_of(event):
        client.get(each)

    assert list(CustomText.objects.values()) == before


@pytest.mark.parametrize("kind", [KIND, "seats-confirmed", "dates-announced"])
def test_every_placeholder_is_explained(client, organizer, kind):
    said = text_of(client.get(page(make_event(), kind=kind)))

    for name, meaning in placeholders_of(kind).items():
        assert f"{{{name}}}" in said
        assert str(meaning) in said.replace("&#x27;", "'")


def test_a_mail_about_several_dates_refuses_the_day_beside_the_field(client, organizer):
    event = make_event()

    response = client.post(page(event, kind="dates-announced"), SAID | {"body_en": "On {date}", "save": "1"})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["body_en"]
    assert "{date}" not in text_of(client.get(page(event, kind="dates-announced")))
    assert stored() == []
