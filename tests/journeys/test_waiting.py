"""A full session: who waits, what they are given, and what they make of it. After each the seats are audited."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.organizing import add_date, offer_seats, open_circle
from tests.journeys.visitor import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def audited(house):
    yield
    house.audit()


def takes_a_seat(visitor, circle) -> None:
    visitor.open(circle.page)
    visitor.page.locator("aside.reach button").click()
    visitor.reads("You have a seat.")


def gives_it_back(visitor, circle) -> None:
    visitor.open(circle.page)
    visitor.page.locator("form[action$='/cancel/'] button").first.click()
    visitor.reads("You have given back your seat.")


SEATED = re.compile("You have a seat|Moved from|Je hebt een plek|Gewijzigd van")  # after a trade either is right


@pytest.mark.parametrize(
    ("language", "screen", "names"),
    [
        ("en", DESKTOP, ("person0061", "person0062", "person0063")),
        ("nl", PHONE, ("person0064", "person0065", "person0066")),
    ],
)
def test_somebody_who_waits_for_any_date_gets_the_first_that_comes_free(
    visit, inbox_of, language, screen, names
) -> None:
    organizer = visit("en")
    organizer.become("organiser")
    early = open_circle(organizer, title=f"A circle on two days, {language}", seats=1)
    late = add_date(organizer, early, seats=1, days_ahead=22)
    one, other, waiting = (visit(language, screen=screen) for _ in names)
    for visitor, name in zip((one, other, waiting), names, strict=True):
        visitor.become(name)
    takes_a_seat(one, early)
    takes_a_seat(other, late)
    inbox = inbox_of(names[2])

    waiting.open(early.event_page)
    waiting.look()
    any_date = waiting.page.get_by_label(waiting.word("Any date, including new ones"))
    any_date.check()
    waiting.page.locator("form", has=any_date).get_by_role("button", name=waiting.word("Join the waiting list")).click()

    expect(waiting.page.locator(".notice-wait")).to_contain_text("1")
    waiting.look()
    assert inbox.next().method == ""
    gives_it_back(other, late)
    waiting.open(late.page)
    waiting.reads("You have a seat.")
    assert inbox.next().method == "REQUEST"
    waiting.open("/my/")
    expect(waiting.page.locator("#waiting")).to_have_count(0)
    waiting.look()


def test_an_offer_runs_out_for_one_and_is_accepted_by_the_next_from_the_mail(visit, inbox_of, house) -> None:
    organizer = visit("en")
    organizer.become("organiser")
    circle = open_circle(organizer, title="A circle with one chair to offer", seats=1)
    offer_seats(organizer, circle)
    names = ("person0067", "person0068", "person0069")
    holder, absent, ready = (visit("en", screen=PHONE) for _ in names)
    for visitor, name in zip((holder, absent, ready), names, strict=True):
        visitor.become(name)
    takes_a_seat(holder, circle)
    inboxes = {name: inbox_of(name) for name in names[1:]}
    for visitor, name in ((absent, names[1]), (ready, names[2])):
        visitor.open(circle.page)
        visitor.page.locator("aside.reach button").click()
        visitor.reads("for this date.")
        assert inboxes[name].next().calendar is None  # they wait

    gives_it_back(holder, circle)

    assert "A seat for you?" in inboxes[names[1]].next().subject
    absent.open(circle.page)
    absent.reads("A seat is free for you. Will you come?")
    absent.look()
    house.let_offers_run_out(circle.key)
    assert "Your time to answer has passed" in inboxes[names[1]].next().subject
    letter = inboxes[names[2]].next()
    stranger = visit("en", screen=PHONE)  # nobody is signed in where the mail is read
    stranger.page.goto(letter.found(r"http\S+/offer/\S+"))
    stranger.look()
    stranger.press("Yes, I’ll come")
    stranger.reads("See you there.")
    assert inboxes[names[2]].next().method == "REQUEST"
    ready.open(circle.page)
    ready.reads("You have a seat.")
    absent.open("/my/")
    absent.look()


def test_a_seat_moves_to_a_free_date_and_two_people_trade(visit, inbox_of) -> None:
    organizer = visit("en")
    organizer.become("organiser")
    early = open_circle(organizer, title="A circle for people who change their mind", seats=2)
    late = add_date(organizer, early, seats=1, days_ahead=22)
    one, other, third = visit("nl", screen=PHONE), visit("en"), visit("en")
    for visitor, name in ((one, "person0071"), (other, "person0072"), (third, "person0073")):
        visitor.become(name)
    inbox = inbox_of("person0071")
    takes_a_seat(one, early)
    first = inbox.next()

    one.open(late.page)
    one.look()
    one.press("Move my seat here")

    expect(one.page.get_by_role("main")).to_contain_text("Gewijzigd van")
    moved = inbox.next()
    assert (moved.method, str(moved.entry["UID"])) == ("REQUEST", str(first.entry["UID"]))
    assert int(moved.entry["SEQUENCE"]) == int(first.entry["SEQUENCE"]) + 1

    takes_a_seat(other, early)
    takes_a_seat(third, early)
    for visitor, wanted in ((one, early), (other, late)):
        visitor.open(wanted.page)
        visitor.look()
        visitor.press("Wait for this date")
    expect(other.page.get_by_role("main")).to_contain_text(SEATED)
    one.open(early.page)
    expect(one.page.get_by_role("main")).to_contain_text(SEATED)
    traded = inbox.next()
    while traded.method == "":
        traded = inbox.next()
    assert str(traded.entry["UID"]) == str(first.entry["UID"])


def test_a_colleague_is_asked_along_and_says_yes(visit, inbox_of) -> None:
    organizer, person, colleague = visit("en"), visit("en"), visit("nl", screen=PHONE)
    organizer.become("organiser")
    circle = open_circle(organizer, title="A circle for two", seats=3)
    person.become("person0074")
    takes_a_seat(person, circle)
    inbox = inbox_of("collega")
    person.refusals_expected.add(422)
    person.page.get_by_label(person.word("Their email address")).fill("no address")
    person.press("Invite")
    expect(person.page.locator(".is-invalid")).to_be_visible()
    person.look()
    person.page.get_by_label(person.word("Their email address")).fill("collega@demo.example")
    person.press("Invite")
    expect(person.page.get_by_role("main")).to_contain_text("Invitation sent. We’re holding a seat until ")
    person.look()

    colleague.page.goto(inbox.next().found(r"http\S+/offer/\S+"))
    colleague.look()
    colleague.press("Yes, I’ll come")

    expect(colleague.page.get_by_label(colleague.word("Your email address"))).to_be_visible()
    colleague.page.get_by_label(colleague.word("Your email address")).fill("collega@demo.example")
    colleague.press("Send me a code")
    colleague.page.get_by_label(colleague.word("Your code")).fill(inbox.next().subject.rsplit(" ", 1)[-1])
    colleague.press("Sign in")
    colleague.page.get_by_label(colleague.word("Your name")).fill("Demo Collega")
    colleague.page.get_by_label(colleague.word("Where you work or study")).select_option(index=2)
    colleague.page.get_by_role("radio").first.check()
    colleague.press("Save")
    colleague.reads("You have a seat.")
    assert inbox.next().method == "REQUEST"


@pytest.mark.parametrize(("language", "screen", "who"), [("en", DESKTOP, "person0075"), ("nl", PHONE, "person0076")])
def test_a_conference_is_chosen_on_one_page_and_changed(visit, language, screen, who) -> None:
    visitor = visit(language, screen=screen)
    visitor.become(who)
    visitor.open("/events/work-conference/")
    visitor.look()
    rounds = visitor.page.locator("fieldset.round")
    expect(rounds).to_have_count(2)

    for number in range(2):
        rounds.nth(number).locator("input[type=radio]:enabled").nth(number).check()
    visitor.press("Save my choices")

    chosen = visitor.page.locator(".chosen dd")
    expect(chosen).to_have_count(2)
    visitor.look()
    before = chosen.nth(0).inner_text()
    rounds.nth(0).locator("input[type=radio]:enabled").nth(1).check()
    rounds.nth(1).locator("input[value=none]").check()
    visitor.press("Save my choices")
    visitor.reads("Nothing chosen")
    expect(chosen.nth(0)).not_to_have_text(re.compile(f"^{re.escape(before)}$"))
