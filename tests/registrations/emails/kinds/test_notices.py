"""The mail that carries a message of an organiser (product K7)."""

from __future__ import annotations

import pytest

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.attending import booking
from registrations.services.mailing import broadcasts
from registrations.services.mailing.broadcasts import Draft
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.mails import (
    SECRET,
    calendar_of,
    html_of,
    make_claim,
    make_secret_session,
    text_of,
    words_of,
)
from tests.registrations.support.notices import SEATED, send, with_people

pytestmark = pytest.mark.django_db


def test_the_mail_says_it_with_the_facts_and_the_help(post):
    session = make_session(event=make_event(title_en="Stand by me"))
    booking.sign_up(session_key=session.key, attendee=make_person(name="Ann"), now=NOW)
    post()
    send(session)

    [mail] = post()

    assert mail["Subject"] == "Bring lunch"
    for text in (text_of(mail), html_of(mail)):
        for said in (
            "Hello Ann,",
            "The organisers of Stand by me write:",
            "Dear Ann,",
            "The canteen is closed.",
            "Thursday 12 March 2026",
        ):
            assert said in text
        assert "Need to talk to someone?" in text
    assert f"See your session: http://testserver/sessions/{session.key}/" in text_of(mail)
    assert calendar_of(mail) is None


@pytest.mark.parametrize(
    ("language", "draft", "subject"),
    [
        ("nl", SEATED, "Bring lunch"),
        ("nl", Draft(statuses=("CONFIRMED",), subject_en="A", body_en="A", subject_nl="B", body_nl="B"), "B"),
        ("en", Draft(statuses=("CONFIRMED",), subject_nl="B", body_nl="B"), "B"),
    ],
)
def test_everybody_reads_their_own_language_where_there_is_one(post, language, draft, subject):
    claim = make_claim(Status.CONFIRMED, attendee=make_person(language=language))
    send(claim.session, draft)

    [mail] = post()

    assert mail["Subject"] == subject
    assert f'<html lang="{language}">' in html_of(mail)


@pytest.mark.parametrize("change", ["cancelled", "gone", "deleted"])
def test_somebody_who_left_before_it_is_sent_gets_none(post, change):
    claim = make_claim(Status.CONFIRMED)
    stays = make_claim(Status.CONFIRMED, session=claim.session)
    notice = send(claim.session)
    if change == "cancelled":
        Registration.objects.filter(pk=claim.pk).update(status=Status.CANCELLED, cancelled_at=NOW)
    elif change == "gone":
        claim.delete()
    else:
        notice.delete()

    mails = post()

    assert [mail["To"] for mail in mails] == ([] if change == "deleted" else [stays.attendee.email])
    assert Message.objects.get(recipient=claim.attendee).status == MessageStatus.DROPPED


def test_somebody_who_moved_to_another_of_the_chosen_states_still_gets_it(post):
    claim = make_claim(Status.WAITLISTED)
    send(claim.session, Draft(statuses=("CONFIRMED", "WAITLISTED"), subject_en="S", body_en="B"))
    Registration.objects.update(status=Status.CONFIRMED, confirmed_at=NOW)

    assert len(post()) == 1


def test_a_message_about_a_discreet_session_stands_only_on_the_own_page(mailbox, post):
    claim = make_claim(Status.CONFIRMED, session=make_secret_session())
    send(claim.session, Draft(statuses=("CONFIRMED",), subject_en=SECRET, body_en=f"{SECRET} {{title}}"))

    [mail] = post()

    assert mail["Subject"] == f"A message about your booking (ref {claim.reference})"
    assert mail["From"].addresses[0].display_name == "University Events"
    assert SECRET not in words_of(mail)
    assert SECRET.encode() not in mailbox.envelopes[0].content
    assert f"Read the message: http://testserver/my/{claim.key}/" in text_of(mail)
    [read] = broadcasts.notices_to(claim)
    assert read.words.subject == SECRET


def test_organisers_see_what_was_sent_to_how_many(post):
    session, people = with_people()
    make_claim(Status.CONFIRMED, session=session)
    send(session)
    Registration.objects.filter(pk=people[Status.CONFIRMED].pk).update(status=Status.CANCELLED, cancelled_at=NOW)
    post()

    [sent] = broadcasts.sent_notices(session)

    assert (sent.notice.subject, sent.people, sent.not_sent) == ("Bring lunch", 2, 1)
    assert broadcasts.sent_notices(make_session()) == []
