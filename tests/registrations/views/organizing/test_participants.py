from __future__ import annotations

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from structlog.testing import capture_logs

from project.accounts.enums import RoleKind
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.enums import Attendance, Status
from registrations.models import Registration
from registrations.services.attending import booking
from registrations.services.door import attendance
from tests.factories import NOW, give_role, make_organizer, make_person, make_session, make_unit
from tests.project.support.sheets import cells_of
from tests.registrations.support.screens import CHANGES, event_url, fill, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# --- one date


def test_session_page_begins_with_the_line_of_truth(client, organizer, full_session):
    Message.objects.filter(pk=Message.objects.order_by("pk")[0].pk).update(status=MessageStatus.FAILED)

    text = text_of(client.get(url("organize_session", full_session)))

    for truth in ("<strong>2</strong> seats", "<strong>2</strong> taken", "<strong>3</strong> waiting"):
        assert truth in text
    assert "<strong>1</strong> email failed" in text


def test_session_page_shows_people_by_state_with_history_and_mails(client, organizer, full_session):
    seat, _, waiting, *_ = Registration.objects.order_by("pk")
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)

    response = client.get(url("organize_session", full_session))

    people = response.context["people"]
    assert [len(group) for group in (people.seats, people.waiting, people.walk_ins, people.gone)] == [2, 2, 0, 1]
    promoted = next(each for each in people.seats if each.registration.pk == waiting.pk)
    assert [entry.action for entry in promoted.history] == ["WAITLISTED", "PROMOTED"]
    assert [mail.kind for mail in promoted.mails] == ["registration-waitlisted", "registration-promoted"]
    assert "You are viewing 5 names; this is logged." in text_of(response)


def test_session_page_shows_people_who_wait_in_the_order_of_the_queue(client, organizer, full_session):
    last = Registration.objects.waiting().in_queue_order().reverse()[0]
    Registration.objects.filter(pk=last.pk).update(priority=-1)

    waiting = client.get(url("organize_session", full_session)).context["people"].waiting

    queue = list(Registration.objects.waiting().in_queue_order())
    assert [each.registration for each in waiting] == queue
    assert queue[0] == last


def test_people_who_have_been_wait_behind_people_who_have_not(client, organizer, full_session):
    first, *others = Registration.objects.waiting().in_queue_order()
    earlier = make_session(event=full_session.event, starts_at=NOW - timedelta(days=9))
    Registration.objects.create(
        session=earlier,
        attendee=first.attendee,
        slot=first.slot,
        status=Status.CONFIRMED,
        attendance=Attendance.PRESENT,
        fills_slot=False,
        created_at=NOW - timedelta(days=20),
    )

    waiting = client.get(url("organize_session", full_session)).context["people"].waiting

    assert [each.registration for each in waiting] == [*others, first]


def test_looking_at_names_is_logged_without_them(client, organizer, full_session):
    with capture_logs() as logs:
        client.get(url("organize_session", full_session))
        client.get(url("organize_participants", full_session))

    looks = [entry for entry in logs if entry["event"] == "names_viewed"]
    assert [(entry["where"], entry["names"], entry["actor"]) for entry in looks] == [
        ("organise", 5, str(organizer.key)),
        ("export", 5, str(organizer.key)),
    ]
    assert not any(claim.attendee.name in str(logs) for claim in Registration.objects.select_related("attendee"))


def test_pages_with_names_are_not_kept_by_the_browser(client, organizer, full_session):
    for name in ("organize_session", "organize_participants", "organize_participants_workbook"):
        assert "no-store" in client.get(url(name, full_session))["Cache-Control"]


@pytest.mark.parametrize("rows", [1, 30])
def test_session_page_costs_the_same_for_one_and_for_thirty(client, organizer, django_assert_num_queries, rows):
    session = make_session(capacity=rows)
    fill(session, 2 * rows)

    with django_assert_num_queries(10):
        client.get(url("organize_session", session))


@pytest.mark.parametrize("rows", [1, 30])
def test_list_as_a_file_costs_the_same_for_one_and_for_thirty(client, organizer, django_assert_num_queries, rows):
    session = make_session(capacity=rows)
    fill(session, rows)

    with django_assert_num_queries(5):
        client.get(url("organize_participants", session))


# --- discreet


def test_discreet_names_are_read_by_the_two_named_coordinators(client, discreet):
    client.force_login(discreet.event.coordinators.first())

    text = text_of(client.get(url("organize_session", discreet)))

    assert "Ann Seated" in text
    assert "Cid Waiting" in text


def test_discreet_names_are_hidden_from_everybody_else_who_organises(client, discreet):
    named_without_the_role = make_organizer()
    discreet.event.coordinators.add(named_without_the_role)
    others = [
        make_organizer(unit=make_unit()),
        make_organizer(),
        give_role(make_person(), RoleKind.COORDINATOR),
        named_without_the_role,
    ]
    for person in others:
        client.force_login(person)
        shown = [text_of(client.get(url(name, discreet))) for name in ("organize_session", *CHANGES)]
        shown.append(text_of(client.post(url("organize_capacity", discreet), {"capacity": 3})))
        shown.append(text_of(client.get(event_url("organize_event", discreet.event))))

        assert "<strong>2</strong> taken" in shown[0]
        assert "1 person from the waiting list gets in" in shown[-2]
        assert not any(re.search(r"\b(Seated|Cid)\b", page) for page in shown)  # a token may hold "Cid"


def test_discreet_people_are_in_no_file(client, discreet):
    for person in (discreet.event.coordinators.first(), make_organizer()):
        client.force_login(person)
        assert client.get(url("organize_participants", discreet)).status_code == 404
        assert client.get(url("organize_participants_workbook", discreet)).status_code == 404


def test_discreet_pages_have_a_title_that_tells_nothing(client, discreet):
    client.force_login(discreet.event.coordinators.first())

    for page in (url("organize_session", discreet), event_url("organize_event", discreet.event)):
        title = text_of(client.get(page)).partition("<title>")[2].partition("</title>")[0]
        assert "Telling" not in title


# --- the list as a file


def rows_of(response):
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


def test_list_as_a_file_holds_people_who_come_and_people_who_wait(client, organizer, full_session):
    gone = Registration.objects.order_by("pk")[0]
    booking.cancel(registration_key=gone.key, actor=gone.attendee, now=NOW)

    response = client.get(url("organize_participants", full_session))

    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="participants-2026-03-12-1000.csv"'
    heading, *rows = rows_of(response)
    assert heading[:2] == ["Name", "Email address"]
    assert [(row[4], row[5]) for row in rows] == [("Confirmed", "")] * 2 + [("Waiting", "1"), ("Waiting", "2")]
    assert gone.attendee.email not in response.content.decode()


def test_list_as_a_file_never_computes(client, organizer):
    session = make_session(capacity=9)
    for name in ('=HYPERLINK("https://evil.example")', "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\uff1d1", 'Ann "x", b'):
        fill(session, 1, name=name)

    rows = rows_of(client.get(url("organize_participants", session)))[1:]

    names = {row[0] for row in rows}
    assert '\'=HYPERLINK("https://evil.example")' in names
    assert 'Ann "x", b' in names
    assert [name for name in names if not name.startswith(("'", "Ann"))] == []


def test_list_is_a_workbook_too(client, organizer, full_session):
    with capture_logs() as logs:
        response = client.get(url("organize_participants_workbook", full_session))

    assert response["Content-Disposition"] == 'attachment; filename="participants-2026-03-12-1000.xlsx"'
    heading, *rows = cells_of(response.content)
    assert heading[7] == "Since (Amsterdam time)"
    assert {type(row[7]) for row in rows} == {float}
    assert [row[5] for row in rows if row[5]] == [1, 2, 3]
    assert [row["where"] for row in logs if "where" in row] == ["export"]


def test_session_page_after_the_day_shows_who_came(client, organizer):
    session = make_session()
    [claim, _] = fill(session, 2)
    attendance.check_in(registration_key=claim.key, actor=organizer, now=session.starts_at)
    attendance.finish(session_key=session.key, actor=organizer, now=session.ends_at)

    text = text_of(client.get(url("organize_session", session)))

    assert "<strong>1</strong> came" in text
    assert "Absent" in text
    assert url("organize_move", session) not in text
