"""The day itself: a host with a phone at the door, and the mail of the morning after."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TODAYS = (
    "SELECT s.key FROM events_session s JOIN events_event e ON e.id = s.event_id WHERE e.slug = 'mindlab' ORDER "
    "BY s.starts_at LIMIT 1"
)
SEATED = (
    "SELECT u.name, u.email FROM registrations_registration r JOIN accounts_user u ON u.id = r.attendee_id "
    "JOIN events_session s ON s.id = r.session_id WHERE s.key = ? AND r.status = 'CONFIRMED' ORDER BY length(u.name) "
    "DESC, u.name LIMIT 2"
)


def test_a_host_lets_people_in_and_in_the_morning_they_are_asked(visit, house, inbox_of) -> None:
    [(key,)] = house.find(TODAYS)
    (came, address), (left, _) = house.find(SEATED, key)
    inbox = inbox_of(address.partition("@")[0])
    host = visit("nl", screen=PHONE)
    host.become("host")
    _go_to_the_door(host, f"/door/{UUID(key)}/")

    _search(host, came)
    host.press("Here")
    expect(_row(host, came)).to_contain_text(host.word("Inside"))
    _search(host, left)
    host.press("Here")
    host.press("Take back")
    expect(_row(host, left).get_by_role("button", name=host.word("Here"))).to_be_visible()
    _let_in_without_a_seat(host)
    _count_on_the_list(host)
    house.let_time_pass(UUID(key), timedelta(hours=1))
    _finish(host)

    house.let_time_pass(UUID(key), timedelta(days=2))
    house.shell(
        "from django.utils import timezone; from feedback.services import ballots; "
        f"ballots.issue(session_key='{UUID(key)}', now=timezone.now())"
    )
    letter = inbox.next()
    assert letter.found(r"http\S+") == f"{house.address}/feedback/"
    assert letter.found(r"([0-9A-Z]{4}-){6}[0-9A-Z]{2}")
    assert letter.calendar is None


def _go_to_the_door(host, address) -> None:
    host.open("/my/")
    host.look()
    host.page.locator(f"a[href='{address}']").click()
    expect(host.page.locator("#id_q")).to_be_visible()
    host.look()


def _search(host, name) -> None:
    host.page.locator("#id_q").fill(name)
    host.press("Search")
    expect(_row(host, name)).to_be_visible()
    assert "demo" not in host.page.url.lower()
    host.look()


def _row(host, name):
    return host.page.locator(".door-row", has=host.page.get_by_text(name, exact=True))


def _let_in_without_a_seat(host) -> None:
    host.refusals_expected.add(422)
    field = host.page.locator("#id_address")
    field.fill("no address")
    host.press("Let in")
    expect(host.page.locator("#address_error")).to_be_visible()
    host.look()
    field.fill("walk.in@demo.example")
    host.press("Let in")
    expect(host.page.locator(".door-row")).to_contain_text("walk.in@demo.example")
    host.look()


def _count_on_the_list(host) -> None:
    """One of those with a seat is inside, and one without."""
    host.follow("Show the list")
    expect(host.page.locator(".door-list")).to_be_visible()
    expect(host.page.locator(".door-list .state-ok")).to_have_count(2)
    host.look()


def _finish(host) -> None:
    host.page.reload()
    host.page.get_by_text(host.word("Finish the check-in")).click()
    host.look()
    host.press("Finish now")
    host.reads("The check-in is finished. Thank you.")
    host.look()
