"""Own words for the mails of an event: what is stored, refused and shown before (product K7)."""

from __future__ import annotations

import pytest

from events.services.refusals import UnableToChange
from project.accounts.models import User
from project.outbox.models import Message
from registrations.models import AccessLink, CustomText, Invite, Registration
from registrations.services.mailing import custom_texts
from registrations.services.mailing.custom_texts import SubjectAndBody
from tests.factories import NOW, make_event, make_organizer
from tests.registrations.support.mails import SECRET, make_secret_session

pytestmark = pytest.mark.django_db

KIND = "registration-confirmed"
STORED = (CustomText, Message, Registration, Invite, AccessLink, User)


def save(event, **words):
    """By language."""
    actor = words.pop("actor", None) or make_organizer()
    custom_texts.save_custom_text(event_key=event.key, kind=words.pop("kind", KIND), texts=words, actor=actor, now=NOW)


def stored():
    return list(CustomText.objects.order_by("language").values_list("kind", "language", "subject", "body"))


def everything():
    return [list(model.objects.order_by("pk").values()) for model in STORED]


def test_words_are_kept_by_language_with_who_wrote_them():
    event, actor = make_event(), make_organizer()

    save(
        event, actor=actor, en=SubjectAndBody("Hello {name}", "Bring lunch."), nl=SubjectAndBody("", "Neem lunch mee.")
    )

    assert stored() == [(KIND, "en", "Hello {name}", "Bring lunch."), (KIND, "nl", "", "Neem lunch mee.")]
    assert {(row.changed_by, row.changed_at) for row in CustomText.objects.all()} == {(actor, NOW)}


def test_words_that_are_emptied_are_gone():
    event = make_event()
    save(event, en=SubjectAndBody("One", "Two"), nl=SubjectAndBody("Een"))

    save(event, en=SubjectAndBody(" ", "\r\n"), nl=SubjectAndBody("Twee"))

    assert stored() == [(KIND, "nl", "Twee", "")]


def test_saving_the_same_again_keeps_who_wrote_it():
    event = make_event()
    save(event, en=SubjectAndBody("One"))
    before = everything()

    save(event, actor=User.objects.get(pk=before[0][0]["changed_by_id"]), en=SubjectAndBody(" One "))

    assert everything() == before


def test_reset_goes_back_to_the_words_of_the_house():
    event, other = make_event(), make_event()
    save(event, en=SubjectAndBody("One"), nl=SubjectAndBody("Een"))
    save(event, kind="session-moved", en=SubjectAndBody("Two"))
    save(other, en=SubjectAndBody("Three"))

    custom_texts.reset_custom_text(event_key=event.key, kind=KIND)
    custom_texts.reset_custom_text(event_key=event.key, kind=KIND)

    assert stored() == [("session-moved", "en", "Two", ""), (KIND, "en", "Three", "")]


@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        ({"en": SubjectAndBody("x" * 151)}, "too-long", "subject_en"),
        ({"nl": SubjectAndBody("", "x" * 2001)}, "too-long", "body_nl"),
        ({"en": SubjectAndBody("{nam}")}, "unknown-placeholder", "subject_en"),
        ({"nl": SubjectAndBody("Hoi", "{name.__class__}")}, "unknown-placeholder", "body_nl"),
    ],
)
def test_words_that_cannot_be_are_refused_and_nothing_changes(words, code, field):
    event = make_event()
    save(event, en=SubjectAndBody("One"))
    before = everything()

    with pytest.raises(UnableToChange) as refusal:
        save(event, actor=User.objects.first(), **words)

    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert everything() == before


@pytest.mark.parametrize("kind", ["seats-confirmed", "dates-announced"])
@pytest.mark.parametrize("name", ["date", "time", "place"])
def test_a_mail_about_several_dates_has_no_day_of_its_own(kind, name):
    event = make_event()
    save(event, kind=kind, en=SubjectAndBody("{title}", "{name}, {link}"))

    with pytest.raises(UnableToChange) as refusal:
        save(event, kind=kind, en=SubjectAndBody("{title}", f"On {{{name}}}"))

    assert (refusal.value.code, refusal.value.field) == ("unknown-placeholder", "body_en")
    assert stored() == [(kind, "en", "{title}", "{name}, {link}")]


def test_a_discreet_event_has_no_own_words():
    event = make_secret_session().event
    before = everything()

    for verb in (custom_texts.save_custom_text, custom_texts.preview_custom_text):
        said = (
            {"event": event} if verb is custom_texts.preview_custom_text else {"event_key": event.key, "actor": User()}
        )
        with pytest.raises(UnableToChange) as refusal:
            verb(kind=KIND, texts={"en": SubjectAndBody(SECRET)}, now=NOW, **said)
        assert refusal.value.code == "discreet"

    assert everything() == before


@pytest.mark.parametrize(
    "kind", ["sign-in-code", "notice", "reply-forwarded", "umbrella-here", "", "registration-confirmed "]
)
def test_other_mails_have_no_own_words(kind):
    with pytest.raises(UnableToChange) as refusal:
        save(make_event(), kind=kind, en=SubjectAndBody("One"))

    assert refusal.value.code == "no-such-mail"
    assert stored() == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (SubjectAndBody("  One\r\ntwo\x0b three\x85four\u2028five "), SubjectAndBody("One two three four five")),
        (SubjectAndBody("a\u202egnp.exe", "\u2066b\u2069"), SubjectAndBody("agnp.exe", "b")),
        (SubjectAndBody("a\x1fb"), SubjectAndBody("a b")),
        (SubjectAndBody("", "one  \r\ntwo\r\n\r\n\r\n\r\nthree\n\n"), SubjectAndBody("", "one\ntwo\n\nthree")),
        (SubjectAndBody("", "\n\n"), SubjectAndBody()),
        (SubjectAndBody("Zoë 日本 👩‍👩‍👧 ﷽", "שלום"), SubjectAndBody("Zoë 日本 👩‍👩‍👧 ﷽", "שלום")),
    ],
)
def test_what_nobody_can_see_is_left_out(typed, kept):
    assert custom_texts.tidy(typed, "en") == kept


# --- Before it is saved ----------------------------------------------------------------------------------------------
