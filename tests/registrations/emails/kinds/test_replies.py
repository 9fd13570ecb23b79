"""What people hear about an answer that came from a calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.emails.kinds import KINDS
from registrations.emails.kinds.replies import ReplyMail
from registrations.models import CustomText, Invite, Registration
from registrations.services.attending import booking, declines
from registrations.services.calendar import invites, notifications
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.inbox import human, invite_of, outlook
from tests.registrations.support.inbox import post as take_in
from tests.registrations.support.mails import calendar_of, html_of, links_in, text_of
from tests.registrations.support.races import sign_up

pytestmark = pytest.mark.django_db
REPLIES = [kind.name for kind in KINDS if isinstance(kind, ReplyMail)]
FACTS = {"release_at": (NOW + declines.GRACE).isoformat(), "comment": "Ill & <b>sorry</b>", "answer": "ACCEPTED"}


def make_seat(**overrides):
    session = make_session(event=make_event(title_en="Work talk", title_nl="Werkgesprek"))
    registration = sign_up(session, make_person(**overrides))
    Message.objects.all().delete()
    return registration


def tell(registration, kind):
    """As the verbs do; those that take an entry out go with its UID."""
    if kind in {"reply-too-late", "reply-renewed"}:
        invite = invite_of(registration)
        Invite.objects.filter(pk=invite.pk).update(answer="ACCEPTED")
        invites.recall(invite_of(registration), about=registration, kind=kind, more={}, now=NOW)
    else:
        notifications.tell([(registration, None)], kind=kind, facts_of={registration.pk: FACTS}, now=NOW)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("kind", REPLIES)
def test_each_kind_says_what_it_is_about_in_text_and_html(post, kind, language):
    registration = make_seat(language=language)
    tell(registration, kind)

    [mail] = post()

    title = {"en": "Work talk", "nl": "Werkgesprek"}[language]
    assert title in mail["Subject"]
    assert mail["To"] == registration.attendee.email
    for words in (text_of(mail), html_of(mail)):
        assert title in words
        assert "%(" not in words
        assert "None" not in words
    has_calendar = kind in {"reply-too-late", "reply-renewed"}
    assert (calendar_of(mail) is not None) == has_calendar


@pytest.mark.parametrize("kind", REPLIES)
def test_of_a_session_that_became_discreet_nothing_is_said(post, kind):
    registration = make_seat()
    event = registration.session.event
    event.is_discreet = True
    event.save()
    tell(registration, kind)

    [mail] = post()

    for words in (mail["Subject"], text_of(mail), html_of(mail)):
        assert "Work talk" not in words
        assert "sorry</b>" not in words
    assert registration.reference in mail["Subject"]
    assert "/keep/" not in text_of(mail)
    assert "/give-back/" not in text_of(mail)


@pytest.mark.parametrize("kind", REPLIES)
@pytest.mark.parametrize("is_discreet", [False, True])
def test_each_kind_can_have_own_words_save_of_a_discreet_event(post, kind, is_discreet):
    registration = make_seat(name="Ann")
    event = registration.session.event
    event.is_discreet = is_discreet
    event.save()
    words = {"subject": "Mine of {name}: {title}", "body": "My <i>text</i>, {name}, about {date}"}
    CustomText.objects.create(event=event, kind=kind, language="en", changed_at=NOW, **words)
    tell(registration, kind)

    [mail] = post()

    assert (mail["Subject"] == "Mine of Ann: Work talk") == (not is_discreet)
    assert ("My <i>text</i>, Ann, about Thursday 12 March" in text_of(mail)) == (not is_discreet)
    assert ("My &lt;i&gt;text&lt;/i&gt;, Ann, about Thursday 12 March" in html_of(mail)) == (not is_discreet)
    assert "Need to talk to someone?" in text_of(mail)
    assert ("Mine" in mail["Subject"]) == (not is_discreet)


def test_own_words_leave_the_way_to_keep_the_seat(post):
    registration = make_seat()
    words = {"subject": "Mine", "body": "Mine"}
    CustomText.objects.create(
        event=registration.session.event, kind="reply-declined", language="en", changed_at=NOW, **words
    )
    tell(registration, "reply-declined")

    [mail] = post()

    assert "Until Monday 2 March, 10:15 the seat is still yours." in text_of(mail)
    assert "You wrote: Ill & <b>sorry</b>" in text_of(mail)
    assert len(links_in(mail, "keep")) == 1


def test_a_decline_says_until_when_the_seat_is_kept_and_quotes_the_person(post):
    registration = make_seat()
    tell(registration, "reply-declined")

    [mail] = post()

    assert mail["Subject"] == "You declined: Work talk, 12 March"
    assert "Until Monday 2 March, 10:15 the seat is still yours." in text_of(mail)
    assert "You wrote: Ill & <b>sorry</b>" in text_of(mail)
    assert "Ill &amp; &lt;b&gt;sorry&lt;/b&gt;" in html_of(mail)
    assert len(links_in(mail, "keep")) == 1


def test_a_decline_that_was_taken_back_before_the_mail_left_is_not_told(post):
    registration = make_seat()
    take_in(outlook(invite_of(registration), "DECLINED"))
    booking.cancel(registration_key=registration.key, actor=registration.attendee, now=NOW)

    post()

    assert Message.objects.get(kind="reply-declined").status == MessageStatus.DROPPED


def test_an_entry_that_is_taken_out_is_cancelled_under_its_own_uid(post):
    registration = make_seat()
    uid = invite_of(registration).uid
    tell(registration, "reply-too-late")

    [mail] = post()

    calendar = calendar_of(mail)
    [event] = calendar.events
    assert (calendar["METHOD"], event["UID"], event["SEQUENCE"]) == ("CANCEL", str(uid), 1)


@pytest.fixture
def contact(settings):
    settings.INBOUND_FORWARD_TO = "office@example.org"
    settings.LANGUAGE_CODE = "en"


def test_the_contact_reads_what_a_person_wrote_and_where_it_belongs(post, contact):
    registration = sign_up(make_session(), make_person())
    [confirmed] = post()
    take_in(human("Dear people,\r\nmay I bring my dog?", sender="ann@example.org", In_Reply_To=confirmed["Message-ID"]))

    [mail] = post()

    assert mail["To"] == "office@example.org"
    assert mail["Subject"] == "Please answer: Re: Confirmed"
    for words in (text_of(mail), html_of(mail)):
        assert "may I bring my dog?" in words
        assert "ann@example.org" in words
        assert f"/organise/sessions/{registration.session.key}/" in words
    assert mail["Auto-Submitted"] == "auto-generated"


def test_the_contact_hears_of_a_delegate(post, contact):
    registration = make_seat()
    take_in(outlook(invite_of(registration), "DELEGATED"))

    [mail] = post()

    assert "A seat is personal" in text_of(mail)
    assert f"/organise/sessions/{registration.session.key}/" in text_of(mail)


def test_the_contact_hears_of_a_mail_that_cannot_be_read(post, contact):
    row = take_in(b"Content-Type: text/calendar; method=REPLY\r\n\r\nnonsense")

    [mail] = post()

    assert f"as number {row.pk}." in text_of(mail)


def test_what_is_blanked_is_not_passed_on_any_more(post, contact):
    row = take_in(human())
    type(row).objects.update(raw=b"")

    assert post() == []


def test_dutch_is_left_as_it_was(post):
    registration = make_seat(language="nl")
    tell(registration, "reply-declined")

    post()

    assert translation.get_language() == "en"
    assert Registration.objects.get(pk=registration.pk).session.starts_at == NOW + timedelta(days=10)
