"""What every kind of mail must have, checked on rendered mails."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings

from events.models import Event, Session
from project.accounts.enums import AddressPurpose
from project.accounts.models import PendingAddress
from project.outbox.models import Message
from project.outbox.services import bundles
from registrations.emails.wording.custom_texts import placeholders_of
from registrations.enums import Status
from registrations.models import AccessLink, CoordinatorChange, CustomText, InboundMail
from registrations.services.calendar import notifications
from registrations.services.mailing.previews import EDITABLE_KINDS
from registrations.templatetags.organizing import MAILS
from tests.factories import NOW, make_organizer, make_person
from tests.registrations.support.mails import EXPIRES_AT, STATES, make_claim
from tests.registrations.support.notices import send

pytestmark = pytest.mark.django_db

HELP = {"en": "Need to talk to someone?", "nl": "Wil je met iemand praten?"}
RAW = b"From: ann@example.org\r\nSubject: Hello\r\n\r\nIs there lunch?\r\n"
FACTS = {
    "code": "ABC-DEF",
    "release_at": EXPIRES_AT.isoformat(),
    "answer": "TENTATIVE",
    "comment": "I am ill.",
    "inviter": "Ann",
    "reason": "For new colleagues.",
}


def of_a_claim(kind, language):
    status = STATES.get(kind, Status.CONFIRMED)
    moments = {"offer_expires_at": EXPIRES_AT} if status == Status.OFFERED else {}
    claim = make_claim(status, attendee=make_person(name="Robin", language=language), **moments)
    facts = notifications.facts_about(claim.session)
    return claim.attendee, claim.key, facts | FACTS | {"was": facts | {"title": "Another"}}


def of_an_event(kind, language):
    person, key, _ = of_a_claim(kind, language)
    return person, person.registrations.get(key=key).session.event.key, {}


def of_a_link(kind, language):
    session = make_claim(Status.CONFIRMED).session
    values = {"created_by": make_organizer(), "created_at": NOW, "expires_at": NOW + timedelta(days=9)}
    link = AccessLink.objects.create(session=session, address="robin@example.org", **values)
    return make_person(language=language), link.key, {}


def of_an_address(kind, language):
    person = make_person(language=language)
    values = {"purpose": AddressPurpose.values[0], "address": "robin@example.org", "asked_at": NOW}
    return person, PendingAddress.objects.create(person=person, **values).key, {}


def of_an_answer(kind, language):
    mail = InboundMail.objects.create(digest=language, raw=RAW, received_at=NOW)
    return make_person(language=language), None, {"inbound": mail.pk}


def of_a_notice(kind, language):
    person, key, _ = of_a_claim(kind, language)
    notice = send(person.registrations.get(key=key).session)
    return person, key, {"notice": str(notice.key)}


def of_a_host(kind, language):
    session = make_claim(Status.CONFIRMED).session
    invite = {"uid": str(session.key), "sequence": 0, "stamped_at": NOW.isoformat(), "partstat": "NEEDS-ACTION"}
    facts = notifications.facts_about(session) | {"invite": invite, "change": "session-moved"}
    return make_person(language=language), session.key, facts


def of_days(kind, language):
    person, key, facts = of_a_host(kind, language)
    return person, Session.objects.get(key=key).event.key, facts


def of_several(kind, language):
    person, key, _ = of_a_claim(kind, language)
    event = person.registrations.get(key=key).session.event
    return person, event.key, {"registrations": [str(key)], "has_invitations": True}


def of_coordinators(kind, language):
    person = make_person(language=language)
    event = make_claim(Status.CONFIRMED).session.event
    values = {
        "state": "DONE",
        "reason": "Ben has left",
        "proposed_by": person,
        "proposed_at": NOW,
        "decided_by": person,
    }
    change = CoordinatorChange.objects.create(event=event, **values)
    change.after.set([person, make_person(name="Demo Ada")])
    return person, change.key, {}


ABOUT = {
    **dict.fromkeys((kind for kind in bundles.kinds() if kind.startswith("coordinators-")), of_coordinators),
    **dict.fromkeys((kind for kind in bundles.kinds() if kind.startswith("host-")), of_a_host),
    **dict.fromkeys((kind for kind in bundles.kinds() if kind.startswith("umbrella-")), of_days),
    "seats-confirmed": of_several,
    "notice": of_a_notice,
    "dates-announced": of_an_event,
    "access-granted": of_a_link,
    "reply-forwarded": of_an_answer,
    "reply-delegated": of_an_answer,
}


def two_together(language):
    """Returns one mail about a move and a cancellation of two dates."""
    moved, cancelled = (message_of(kind, language) for kind in ("session-moved", "session-cancelled"))
    part = {"pk": 2, "kind": cancelled.kind, "subject_id": str(cancelled.subject_id), "facts": cancelled.facts}
    moved.pk, moved.facts = 1, moved.facts | {bundles.TOGETHER: [part]}
    return moved


def message_of(kind, language):
    if kind == bundles.TOGETHER:
        return two_together(language)
    about = of_an_address if "address" in kind else ABOUT.get(kind, of_a_claim)
    person, key, facts = about(kind, language)
    written = {"kind": kind, "recipient": person, "address": "robin@example.org", "language": language}
    return Message(**written, subject_id=key, facts=facts, created_at=NOW, due_at=NOW)


def rendered(message):
    letter = bundles.kind_of(message).render(message, NOW)
    assert letter, "the renderer says that this example is out of date"
    return letter


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("kind", bundles.kinds())
def test_every_mail_says_where_to_find_help(kind, language):
    letter = rendered(message_of(kind, language))

    for words in (letter.text, letter.html):
        assert HELP[language] in words
        for contact in ("adviser_email", "adviser_phone", "report_url", "emergency_phone"):
            assert settings.HELP_CONTACTS[contact] in words


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("kind", bundles.kinds())
def test_every_text_part_reads_like_a_letter(kind, language):
    text = rendered(message_of(kind, language)).text

    assert not re.search(r"&(?:#\w+|[a-z]+);|</?[a-z]+[ >]", text)  # nothing of HTML
    assert "\n\n\n" not in text
    assert text == text.lstrip()
    assert not [line for line in text.split("\n") if line != line.strip()]
    assert not re.search(r"%\(\w+\)|\{\w+\}|None", text)
    assert [line for line in text.split("\n") if "http" in line and not re.fullmatch(r"\S+|[^:]+: \S+", line)] == []


@pytest.mark.parametrize("kind", bundles.kinds())
def test_every_subject_is_one_short_line_in_the_language_of_the_reader(kind):
    english, dutch = (rendered(message_of(kind, language)).subject for language in ("en", "nl"))

    for subject in (english, dutch):
        assert 5 < len(subject) < 120
        assert subject == " ".join(subject.split())
        assert not re.search(r"%\(|\{", subject)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("kind", EDITABLE_KINDS)
def test_custom_texts_are_sent_in_every_mail_that_allows_them(kind, language):
    message = message_of(kind, language)
    placeholders = " ".join(f"{{{name}}}" for name in placeholders_of(kind))
    words = {"subject": "Mine: {title}", "body": f"<b>My own</b> {placeholders}", "changed_at": NOW}
    for event in Event.objects.all():
        CustomText.objects.create(event=event, kind=kind, language=language, **words)

    letter = rendered(message)

    assert letter.subject.startswith("Mine: ")
    assert "<b>My own</b> " in letter.text
    assert "&lt;b&gt;My own&lt;/b&gt; " in letter.html
    assert not re.search(r"\{\w+\}", letter.subject + letter.text + letter.html)
    assert HELP[language] in letter.text


@pytest.mark.parametrize("kind", EDITABLE_KINDS)
def test_no_mail_of_a_discreet_event_has_custom_texts(kind):
    message = message_of(kind, "en")
    words = {"subject": "Mine: {title}", "body": "Mine: {title}", "changed_at": NOW}
    for event in Event.objects.all():
        CustomText.objects.create(event=event, kind=kind, language="en", **words)
    Event.objects.update(is_discreet=True)

    letter = bundles.kinds()[kind].render(message, NOW)

    if kind.startswith("host-"):  # hosts of discreet sessions hear from the coordinators
        assert letter is None
    else:
        assert letter is not None
        assert "Mine" not in letter.subject + letter.text + letter.html


def test_every_kind_has_a_name_for_the_organisers_list():
    assert [kind for kind in bundles.kinds() if kind not in MAILS] == []


def test_a_date_within_a_dutch_sentence_is_lowercase():
    letter = rendered(message_of("registration-offered", "nl"))

    for words in (letter.text, letter.html):
        assert "Donderdag 12 maart 2026" in words
        assert "tot woensdag 4 maart" in words
