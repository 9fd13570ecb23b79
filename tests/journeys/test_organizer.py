"""An organiser changes a session, and every calendar follows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.organizing import open_circle

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAMES = ("person0021", "person0022")


def test_moving_changing_the_room_and_cancelling_reach_every_invitation(visit, inbox_of) -> None:
    organizer = visit("en")
    organizer.become("organiser")
    circle = open_circle(organizer, title="A circle that moves", seats=12)
    inboxes = [inbox_of(name) for name in NAMES]
    _take_seats(visit, circle)
    confirmed = [inbox.next().entry for inbox in inboxes]

    _move_to(organizer, circle, start="14:00", end="16:00")
    moved = [inbox.next() for inbox in inboxes]
    _change_room(organizer, circle)
    elsewhere = [inbox.next() for inbox in inboxes]
    _cancel(organizer, circle)
    cancelled = [inbox.next() for inbox in inboxes]

    identities = [[letter.entry["UID"] for letter in letters] for letters in (moved, elsewhere, cancelled)]
    assert identities == [[entry["UID"] for entry in confirmed]] * 3
    assert len(set(identities[0])) == 2
    _assert_revised(moved, "REQUEST", sequence=1)
    _assert_revised(elsewhere, "REQUEST", sequence=2)
    _assert_revised(cancelled, "CANCEL", sequence=3)
    assert {
        letter.entry["DTSTART"].dt - entry["DTSTART"].dt for letter, entry in zip(moved, confirmed, strict=True)
    } == {timedelta(hours=4)}
    assert all(
        letter.entry["LOCATION"] != entry["LOCATION"] for letter, entry in zip(elsewhere, confirmed, strict=True)
    )


def _assert_revised(letters, method, *, sequence) -> None:
    assert [(letter.method, letter.entry["SEQUENCE"]) for letter in letters] == [(method, sequence)] * len(letters)


def _take_seats(visit, circle) -> None:
    for name in NAMES:
        person = visit("nl")
        person.become(name)
        person.open(circle.page)
        person.press("Take a seat")
        person.reads("You have a seat.")


def _move_to(organizer, circle, *, start, end) -> None:
    organizer.open(circle.workspace)
    organizer.look()
    organizer.follow("Move to another time")
    organizer.page.get_by_label("From").fill(start)
    organizer.page.get_by_label("Until").fill(end)
    _confirm(organizer, "Move it")
    organizer.reads("Moved. Everybody has an email on the way, and calendars change with it.")


def _change_room(organizer, circle) -> None:
    organizer.open(circle.workspace)
    organizer.follow("Change the place")
    organizer.page.get_by_label("Room").select_option(index=3)
    _confirm(organizer, "Change it")
    organizer.reads("Changed. Everybody has an email on the way, and calendars change with it.")


def _cancel(organizer, circle) -> None:
    organizer.open(circle.workspace)
    organizer.follow("Cancel this date")
    organizer.look()
    organizer.press("Cancel this date")
    organizer.reads("Cancelled. Everybody has an email on the way.")
    organizer.reads("This date is cancelled.")
    organizer.look()


def _confirm(organizer, button) -> None:
    """First the page says whom it reaches, then it is done."""
    organizer.look()
    organizer.press("Show what happens")
    expect(organizer.page.locator(".notice-wait")).to_contain_text("2 people have a seat")
    organizer.look()
    organizer.press(button)


def test_more_seats_promote_at_once(visit, inbox_of) -> None:
    organizer, seated, waiting = visit("en"), visit("en"), visit("en")
    organizer.become("organiser")
    circle = open_circle(organizer, title="A circle that grows", seats=1)
    inbox = inbox_of("person0026")
    for person, name, button in (
        (seated, "person0025", "Take a seat"),
        (waiting, "person0026", "Join the waiting list"),
    ):
        person.become(name)
        person.open(circle.page)
        person.press(button)
        expect(person.page.locator(".notice-ok, .notice-wait")).to_be_visible()
    assert inbox.next().calendar is None

    organizer.open(circle.workspace)
    organizer.follow("Change the seats")
    organizer.page.get_by_label("Seats").fill("2")
    organizer.press("Show what happens")
    organizer.reads("Looking at names is logged.")
    organizer.look()
    organizer.press("Make it 2 seats")

    organizer.reads("Done. Everybody who got a seat has an email with an invitation on the way.")
    assert inbox.next().method == "REQUEST"
    waiting.page.reload()
    waiting.reads("You have a seat.")


def test_the_list_of_participants_is_a_file(visit, house) -> None:
    organizer = visit("en")
    organizer.become("organiser")
    [(key,)] = house.find(
        "SELECT s.key FROM events_session s JOIN events_event e ON e.id = s.event_id "
        "WHERE e.slug = 'active-bystander' AND s.status = 'SCHEDULED' ORDER BY s.starts_at LIMIT 1"
    )
    organizer.open(f"/organise/sessions/{_dashed(key)}/")

    with organizer.page.expect_download() as saved:
        organizer.follow("List as a file (CSV)")

    assert saved.value.suggested_filename.endswith(".csv")
    lines = saved.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) > 10
    assert sum("@demo.example" in line for line in lines) == len(lines) - 1


def _dashed(key: str) -> str:
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
