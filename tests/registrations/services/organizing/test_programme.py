"""The programme from a file where people have seats already; the file itself is tested in
`tests/events/test_programme*.py`.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from threading import Event as Moment

import pytest
from django.core.management import call_command
from django.db import transaction

from events.models import Event, Session, Venue
from events.services.programme import UnableToImport, writing
from project.accounts.enums import RoleKind
from project.outbox.models import Message
from registrations.models import Invite
from registrations.services import lock
from registrations.services.calendar import host_invites
from registrations.services.organizing import capacity, programme, schedule
from tests.factories import NOW, give_role, make_person, make_session, make_venue
from tests.registrations.support.races import at_once, broken, sign_up, until_somebody_waits

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
AULA = {"code": "aula", "name": "Aula", "room": "", "address": "Street 5", "capacity": 60}
SAME = """\
venues:
  - {code: aula, name: Aula, address: Street 5, people: 60}
"""
RENAMED = SAME.replace("name: Aula", "name: Grand hall")
NEW_EVENT = """\
units:
  - {code: me, name: {en: Mechanical Engineering, nl: Werktuigbouwkunde}}
events:
  - slug: mindlab
    kind: PERFORMANCE
    owner: me
    title: {en: Mindlab}
    sessions: [{on: 2026-11-12, from: "10:00", to: "13:00", venue: aula, seats: 52}]
"""


@pytest.fixture
def session():
    return make_session(venue=make_venue(**AULA), capacity=1)


@pytest.fixture
def bring_in(tmp_path):
    def bring_in(text, now=NOW):
        path = tmp_path / "programme.yaml"
        path.write_text(text, encoding="utf-8")
        return programme.import_programme(path=path, actor=None, now=now)

    return bring_in


@pytest.fixture
def unlocked_import(monkeypatch):
    monkeypatch.setattr(writing, "_lock_events", lambda programme: None)


def news():
    return list(Message.objects.filter(kind="session-relocated").order_by("pk"))


def test_a_room_with_another_name_is_told_to_people_who_come_and_people_who_wait(session, bring_in):
    seated, waiting = (sign_up(session, make_person()) for _ in range(2))

    bring_in(RENAMED)

    assert {message.subject_id for message in news()} == {seated.key, waiting.key}
    [message] = Message.objects.filter(kind="session-relocated", subject_id=seated.key)
    assert (message.facts["was"]["place"], message.facts["place"]) == ("Aula", "Grand hall")
    assert message.facts["invite"]["sequence"] == 1
    invite = Invite.objects.get(registration=seated)
    assert (invite.sequence, invite.asked_sequence) == (1, 1)
    session.refresh_from_db()
    assert (session.ical_sequence, session.changed_at) == (1, NOW)


def test_another_address_is_told(session, bring_in):
    sign_up(session, make_person())

    bring_in(SAME.replace("Street 5", "Street 7"))

    [message] = news()
    assert (message.facts["was"]["address"], message.facts["address"]) == ("Street 5", "Street 7")


def test_somebody_who_leads_a_date_is_told(session, bring_in):
    leader = give_role(make_person(), RoleKind.HOST, session=session)
    host_invites.invite_hosts(event_id=session.event_id, now=NOW)

    bring_in(RENAMED)

    [message] = Message.objects.filter(kind="host-changed")
    assert (message.recipient, message.facts["place"]) == (leader, "Grand hall")


@pytest.mark.parametrize(
    "text", [SAME, SAME.replace("people: 60", "people: 70"), RENAMED.replace("aula", "hall"), NEW_EVENT]
)
def test_what_changes_no_name_and_no_address_is_not_told(session, bring_in, text):
    sign_up(session, make_person())

    bring_in(text)

    assert news() == []
    assert Session.objects.get(pk=session.pk).ical_sequence == 0
    assert Invite.objects.get().sequence == 0


def test_dates_that_began_or_are_cancelled_are_left_alone(session, bring_in):
    cancelled = make_session(venue=session.venue)
    for date in (session, cancelled):
        sign_up(date, make_person())
    capacity.cancel_session(session_key=cancelled.key, actor=make_person(), now=NOW)

    bring_in(RENAMED, now=session.starts_at)

    assert news() == []


def test_dates_in_other_rooms_are_left_alone(session, bring_in):
    elsewhere = make_session(venue=make_venue())
    sign_up(elsewhere, make_person())

    bring_in(RENAMED)

    assert news() == []


def test_twice_is_told_once_and_a_name_that_comes_back_before_the_mail_went_not_at_all(session, bring_in, settings):
    settings.MAIL_MERGE_SECONDS = 600
    sign_up(session, make_person())

    bring_in(RENAMED)
    bring_in(RENAMED)
    [message] = news()
    bring_in(SAME)

    assert message.facts["was"]["place"] == "Aula"
    assert not Message.objects.filter(kind="session-relocated").untouched().exists()


def test_a_programme_that_is_refused_tells_nobody(session, bring_in):
    sign_up(session, make_person())

    with pytest.raises(UnableToImport):
        bring_in(RENAMED + "events:\n  - {slug: half}\n")

    assert Venue.objects.get().name == "Aula"
    assert news() == []


def rename_against_sign_up(session, bring_in):
    return at_once(partial(bring_in, RENAMED), partial(sign_up, session, make_person()))


def told_last(answers):
    return Message.objects.filter(subject_id=answers[1].key).latest("pk").facts["place"]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_somebody_who_signs_up_while_a_room_is_renamed_knows_the_new_name(session, bring_in, in_step):
    """The lock of the event: whoever is second hears of it from the other."""
    assert told_last(rename_against_sign_up(session, bring_in)) == "Grand hall"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_somebody_who_signs_up_while_a_room_is_renamed_knows_the_old_name(
    session, bring_in, in_step, without_the_lock, unlocked_import
):
    assert told_last(rename_against_sign_up(session, bring_in)) == "Aula"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_import_beside_a_move_tells_both(session, bring_in, in_step):
    sign_up(session, make_person())
    times = {"starts_at": session.starts_at + DAY, "ends_at": session.ends_at + DAY}
    move = partial(schedule.reschedule_session, session_key=session.key, **times, now=NOW)

    answers = at_once(partial(bring_in, RENAMED), move)

    assert not any(isinstance(answer, Exception) for answer in answers)
    last = Message.objects.filter(kind__startswith="session-").latest("pk")
    assert (last.facts["place"], last.facts["starts_at"]) == ("Grand hall", times["starts_at"].isoformat())


def rename_against_a_late_change(session, bring_in):
    """A verb that has held the event for long changes the date at last."""
    holds = Moment()

    def change_late():
        with transaction.atomic():
            lock.lock_session(session.key)
            holds.set()
            until_somebody_waits()
            Session.objects.filter(pk=session.pk).update(title_en="Late")

    def bring_in_after():
        assert holds.wait(timeout=10)
        return bring_in(RENAMED)

    return at_once(change_late, bring_in_after)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_import_touches_no_date_before_it_holds_its_event(session, bring_in):
    assert broken(rename_against_a_late_change(session, bring_in)) == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_an_import_and_a_verb_wait_for_each_other(session, bring_in, unlocked_import):
    assert broken(rename_against_a_late_change(session, bring_in)) == ["deadlock"]


def test_command_says_what_it_did(tmp_path, capsys):
    path = tmp_path / "programme.yaml"
    path.write_text(SAME + NEW_EVENT, encoding="utf-8")

    call_command("import_programme", str(path), "--dry-run")
    call_command("import_programme", str(path))

    said = capsys.readouterr().out.splitlines()
    assert said == [
        "Nothing written. It would be 4 new, 0 changed, 0 as they were.",
        "Done: 4 new, 0 changed, 0 as they were.",
    ]


def test_command_names_file_line_field_and_reason(tmp_path, capsys):
    path = tmp_path / "programme.yaml"
    path.write_text(SAME + NEW_EVENT.replace("kind: PERFORMANCE", "kind:"), encoding="utf-8")

    with pytest.raises(SystemExit) as end:
        call_command("import_programme", str(path))

    assert end.value.code == 1
    assert capsys.readouterr().err == f"{path}:7: events.kind: This field is missing.\n"
    assert not Event.objects.exists()
