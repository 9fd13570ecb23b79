"""An organiser's own words in the mails of an event (product K7)."""

from __future__ import annotations

import pytest

from project.outbox.models import Message
from project.text.texts import isolated
from registrations.emails.wording.custom_texts import (
    LONGEST_SUBJECT,
    PLACEHOLDERS,
    filled,
    unknown_placeholders,
    values_of,
    written,
)
from registrations.emails.wording.times import When
from registrations.models import CustomText
from registrations.services.attending import booking
from registrations.services.mailing.previews import EDITABLE_KINDS
from tests.factories import NOW, make_event, make_organizer, make_person, make_session, make_venue
from tests.registrations.support.mails import (
    STATES,
    calendar_of,
    html_of,
    make_any,
    make_secret_session,
    tell,
    text_of,
    words_of,
)

VALUES = {"name": "Ann <b>{title}</b>", "title": "Stand by me", "link": "https://samen.example/x/"}
HOSTILE = [
    "{name.__class__}",
    "{0}",
    "{}",
    "{name!r}",
    "{name:>99999999}",
    "{name[0]}",
    "{{ name }}",
    "{% include 'x' %}",
    "{settings}",
    "{NAME}",
    "{naam}",
    "{ name }",
]


def own(event, kind="registration-confirmed", language="en", **words):
    values = {"subject": "", "body": "", "changed_at": NOW, "changed_by": make_organizer()}
    return CustomText.objects.create(event=event, kind=kind, language=language, **(values | words))


def confirmed(post, event, **person):
    session = make_session(event=event, venue=make_venue(name="Library", room="Orange room"))
    booking.sign_up(session_key=session.key, attendee=make_person(**({"name": "Ann"} | person)), now=NOW)
    [mail] = post()
    return session, mail


# --- Placeholders ----------------------------------------------------------------------------------------------------


def test_placeholders_are_filled_once_and_never_read_again():
    assert filled("{name} at {title}", VALUES) == "Ann <b>{title}</b> at Stand by me"


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_placeholder_is_named_and_means_nothing(text):
    assert unknown_placeholders(f"Hello {text}!") != []
    assert filled(text, {"name": "Ann"}) == text.replace("{name}", "Ann")


@pytest.mark.parametrize("text", ["", "Hello {name}, {title} {date} {time} {place} {link}", "one }: and { another"])
def test_texts_with_our_placeholders_are_right(text):
    assert unknown_placeholders(text) == []


def test_html_is_escaped_and_addresses_can_be_followed():
    [opening] = written("", "<script>x</script> {name}\nsee https://a.example/?q=1&r=2. {link}", VALUES).opening

    assert (
        opening.text
        == "<script>x</script> Ann <b>{title}</b>\nsee https://a.example/?q=1&r=2. https://samen.example/x/"
    )
    assert "<script>" not in opening.html
    assert "Ann &lt;b&gt;{title}&lt;/b&gt;<br>see" in opening.html
    assert 'href="https://a.example/?q=1&amp;r=2">https://a.example/?q=1&amp;r=2</a>. ' in opening.html
    assert 'href="https://samen.example/x/"' in opening.html


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "ftp://a.example",
        "data:text/html,x",
        "mailto:nobody",
        "HTTPS:javascript",
        'https://"onmouseover="x',
        "https://<b>",
        "https://",
    ],
)
def test_nothing_else_becomes_a_link(text):
    [opening] = written("", text, VALUES).opening

    assert "<a" not in opening.html


def test_an_address_in_a_name_is_no_link():
    [opening] = written("", "Hello {name}", {"name": "https://evil.example"}).opening

    assert ">Hello https://evil.example</p>" in opening.html

    [opening] = written("", "Hello {name}", {"name": "https://evil.nl"}).opening
    assert "<a" not in opening.html + opening.on_page


def test_a_name_from_right_to_left_is_isolated():
    [opening] = written("", "Hello {name}!", {"name": isolated("\u05d0\u05d1")}).opening

    assert "Hello <bdi>\u05d0\u05d1</bdi>!" in opening.html
    assert opening.text == "Hello \u2068\u05d0\u05d1\u2069!"


def test_a_list_is_a_list_in_the_mail_and_on_the_page():
    [opening] = written("", "Bring:\n* lunch\n* {title}", VALUES).opening

    assert "<li>lunch</li><li>Stand by me</li></ul>" in opening.html
    assert '<ul dir="auto"><li>lunch</li>' in opening.on_page
    assert "style=" not in opening.on_page


def test_a_name_never_ends_up_in_an_address():
    [opening] = written("", "https://a.example/?q={name}", VALUES).opening

    assert 'href="https://a.example/?q="' in opening.html


def test_a_subject_that_grows_too_long_is_shortened():
    subject = written("{title}" * 20, "", {"title": "ü" * 100}).subject

    assert len(subject) == LONGEST_SUBJECT
    assert subject.endswith("ü…")


# --- In the mail -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_own_words_stand_in_the_mail_and_the_facts_stay(post):
    event = make_event(title_en="Stand by me")
    words = "Dear {name},\n\nBring lunch to {place} on {date}, {time}.\nSee {link}"
    own(event, subject="See you, {name}! {title}", body=words)

    session, mail = confirmed(post, event)

    assert mail["Subject"] == "See you, Ann! Stand by me"
    said = f"Bring lunch to {session.venue} on Thursday 12 March, 10:00–12:00."
    for text in (text_of(mail), html_of(mail)):
        assert text.index("You have a seat at Stand by me.") < text.index("Dear Ann,") < text.index(said)
        assert text.index(said) < text.index("Thursday 12 March 2026, 10:00–12:00")
        for kept in (
            "Library, Orange room",
            "The invitation in this email",
            "Give it back",
            "Need to talk to someone?",
        ):
            assert kept in text
    assert f"See http://testserver/sessions/{session.key}/" in text_of(mail)
    assert f'href="http://testserver/sessions/{session.key}/">http' in html_of(mail)
    assert calendar_of(mail)["METHOD"] == "REQUEST"


@pytest.mark.django_db
def test_a_language_without_own_words_has_those_of_the_house(post):
    event = make_event(title_nl="Sta naast me")
    own(event, subject="Mine", body="Mine too")

    _, mail = confirmed(post, event, language="nl")

    assert mail["Subject"] == "Bevestigd: Sta naast me, 12 maart"
    assert "Mine" not in words_of(mail)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "subject"), [({"subject": "Mine"}, "Mine"), ({"body": "Mine"}, "Confirmed: T, 12 March")]
)
def test_half_of_the_words_leaves_the_other_half(post, words, subject):
    event = make_event(title_en="T")
    own(event, **words)

    _, mail = confirmed(post, event)

    assert mail["Subject"] == subject
    assert "You have a seat at T." in text_of(mail)


@pytest.mark.django_db
def test_words_of_another_event_or_mail_are_not_taken(post):
    event = make_event()
    own(make_event(), subject="Mine", body="Mine")
    own(event, kind="session-moved", subject="Mine", body="Mine")

    _, mail = confirmed(post, event)

    assert "Mine" not in words_of(mail) + mail["Subject"]


@pytest.mark.django_db
def test_no_subject_can_add_a_header(post):
    event = make_event(title_en="T\r\nBcc: evil@example.org")
    own(event, subject="{title}\r\nBcc: evil@example.org\r\n\r\n<b>", body="\r\n.\r\nQUIT\r\n")

    _, mail = confirmed(post, event)

    assert mail["Bcc"] is None
    assert mail["Subject"] == "T Bcc: evil@example.org Bcc: evil@example.org <b>"


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["😀" * 150, "日本" * 75, "ü" * 150, "x" * 150])
def test_the_longest_words_make_a_mail_that_can_be_read(post, mailbox, title):
    event = make_event(title_en=title)
    own(event, subject="{title} " * 18, body="{title}\n\n" * 200)

    _, mail = confirmed(post, event)

    assert len(mail["Subject"]) == LONGEST_SUBJECT
    assert text_of(mail).count(title) >= 200
    assert max(len(line) for line in mailbox.envelopes[0].content.split(b"\r\n")) < 998


@pytest.mark.django_db
def test_somebody_without_a_name_is_a_participant(post):
    event = make_event()
    own(event, body="Dear {name},")
    claim = make_any("colleague-invited", attendee=make_person(name=""), session=make_session(event=event))
    own(event, kind="colleague-invited", body="Dear {name},")
    tell(claim, "colleague-invited", inviter="Bob")

    [mail] = post()

    assert "Dear participant," in text_of(mail)


@pytest.mark.django_db
def test_a_session_online_or_elsewhere_says_so():
    session = make_session(venue=None, timezone="America/New_York")

    values = values_of(session, "Ann", When.of(session))

    assert values["place"] == "online"
    assert values["time"] == "05:00–07:00 (New York time, UTC-4)"
    assert set(values) == set(PLACEHOLDERS)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [kind for kind in STATES if kind in EDITABLE_KINDS])
def test_every_kind_can_have_own_words(post, kind):
    claim = make_any(kind)
    own(claim.session.event, kind=kind, subject="Mine of {name}", body="My text about {title}")
    tell(claim, kind, inviter="Ann")

    [mail] = post()

    assert mail["Subject"] == f"Mine of {claim.attendee.name}"
    assert f"My text about {claim.session.title}" in text_of(mail)
    assert f"My text about {claim.session.title}" in html_of(mail)
    assert "Need to talk to someone?" in text_of(mail)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", STATES)
def test_a_discreet_event_has_no_own_words(post, kind):
    claim = make_any(kind, session=make_secret_session())
    own(claim.session.event, kind=kind, subject="Mine", body="Mine")
    tell(claim, kind, inviter="Ann")

    [mail] = post()

    assert "Mine" not in words_of(mail) + mail["Subject"]
    assert Message.objects.get().raw
