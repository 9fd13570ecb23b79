"""The mail to somebody whom a colleague asks along."""

from __future__ import annotations

import pytest

from project.accounts.services import people
from registrations.enums import Source
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.mails import calendar_of, html_of, links_in, make_offer, tell, text_of, words_of

pytestmark = pytest.mark.django_db

UNTIL = "We are holding the seat for you until Wednesday 4 March, 14:00."


def make_stranger():
    """A colleague who was never here: nothing is known of them but the address."""
    return people.admit(address="newcomer@example.org", language="en", now=NOW)


def test_a_colleague_reads_who_asks_and_what_happens_if_they_do_nothing(post):
    session = make_session(event=make_event(title_en="Stand by me", summary_en="What you can do as a bystander."))
    invitation = make_offer(session=session, attendee=make_stranger(), source=Source.COLLEAGUE)
    tell(invitation, "colleague-invited", inviter="Ann Example")

    [mail] = post()

    assert mail["Subject"] == "Ann Example has invited you: Stand by me, 12 March"
    assert mail["To"] == "newcomer@example.org"
    for words in (text_of(mail), html_of(mail)):
        assert "Ann Example has invited you to Stand by me. Will you come?" in words
        assert "What you can do as a bystander." in words
        assert UNTIL in words
        assert "You only come if you say yes." in words
        assert "we stop holding the seat and delete your address." in words
    assert len(links_in(mail, "offer")) == 2
    assert f"What to expect: http://testserver/sessions/{session.key}/" in text_of(mail)
    assert calendar_of(mail) is None


@pytest.mark.parametrize("known", [{"name": "Bo Example"}, {"name": "", "last_login": NOW}])
def test_a_colleague_whom_we_know_is_not_told_that_we_forget_them(post, known):
    invitation = make_offer(attendee=make_person(**known), source=Source.COLLEAGUE)
    tell(invitation, "colleague-invited", inviter="Ann Example")

    [mail] = post()

    assert "If you do nothing, we stop holding the seat for you." in text_of(mail)
    assert "delete your address" not in words_of(mail)


@pytest.mark.parametrize("name", ["", "Win 1000 EUR evil.example/claim"])
def test_an_inviter_without_a_name_that_can_be_shown_is_a_colleague(post, name):
    tell(make_offer(source=Source.COLLEAGUE), "colleague-invited", inviter=name)

    [mail] = post()

    assert mail["Subject"].startswith("A colleague has invited you: ")


def test_a_title_in_the_other_language_and_a_name_from_right_to_left_are_marked(post):
    session = make_session(event=make_event(title_en="", title_nl="Sta naast me"))
    tell(make_offer(session=session, source=Source.COLLEAGUE), "colleague-invited", inviter="\u05e9\u05dc\u05d5\u05dd")

    [mail] = post()

    assert '<bdi>\u05e9\u05dc\u05d5\u05dd</bdi> has invited you to <span lang="nl">Sta naast me</span>.' in html_of(
        mail
    )
    assert "\u2068\u05e9\u05dc\u05d5\u05dd\u2069 has invited you to Sta naast me." in text_of(mail)
    assert mail["Subject"].endswith("has invited you: Sta naast me, 12 March")
