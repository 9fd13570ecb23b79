"""Every page there is, as each kind of reader finds it: in both languages, on a phone and a desktop, light and dark."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SESSION = "SELECT s.key FROM events_session s JOIN events_event e ON e.id = s.event_id WHERE {} LIMIT 1"
COMING = SESSION.format(
    "e.slug = '{}' AND s.status = 'SCHEDULED' AND s.starts_at > datetime('now', '+1 day') ORDER BY s.starts_at"
)
HELD = SESSION.format("e.slug = '{}' AND s.status = 'HELD' ORDER BY s.starts_at DESC")
PLACES = {
    "open": COMING.format("executive-board-online"),
    "full": COMING.format("active-bystander"),
    "restricted": SESSION.format("s.units LIKE '% me %' AND s.starts_at > datetime('now', '+1 day')"),
    "discreet": COMING.format("k7q2m9x4"),
    "discreet_held": HELD.format("k7q2m9x4"),
    "round": COMING.format("work-conference"),
    "today": SESSION.format("e.slug = 'mindlab' ORDER BY s.starts_at"),
    "held": HELD.format("mindlab-first-series"),
    "asked": HELD.format("executive-board-online"),
    "cancelled": SESSION.format("s.status = 'CANCELLED' ORDER BY s.starts_at"),
}
PAGES = {
    "": [
        "/",
        "/?page=2",
        "/?q=nothing+of+the+kind",
        "/?kind=TRAINING&language=en&free=1",
        "/?from=2026-12-01&to=2026-12-31",
        "/?view=series",
        "/?view=series&q=mindlap+firts",
        "/?q=harassment&from=2020-01-01&to=2020-01-01",
        "/?q=eerste+reeks",
        "/calendar/",
        "/calendar/2030-01/",
        "/events/mindlab/",
        "/events/work-conference/",
        "/events/executive-board-online/",
        "/events/k7q2m9x4/",
        "/sessions/{open}/",
        "/sessions/{full}/",
        "/sessions/{discreet}/",
        "/sessions/{round}/",
        "/sessions/{cancelled}/",
        "/initiatives/",
        "/privacy/",
        "/accessibility/",
        "/feeds/",
        "/feeds/?unit=me",
        "/accounts/login/",
        "/feedback/",
        "/feedback/thanks/",
        "/demo/",
        "/demo/mails/{mail}/",
        "/api/v1/docs",
    ],
    "student": [
        "/",
        "/?view=series&mine=1",
        "/my/",
        "/my/calendar/",
        "/my/preferences/",
        "/welcome/",
        "/accounts/logout/",
        "/sessions/{restricted}/",
        "/events/active-bystander/",
    ],
    "phd": ["/my/", "/events/active-bystander/", "/sessions/{full}/"],
    "staff": ["/my/", "/events/cultural-intelligence/"],
    "host": ["/my/", "/door/{today}/", "/door/{today}/?list=1"],
    "organiser": [
        "/organise/",
        "/organise/events/new/",
        "/organise/events/mindlab/",
        "/organise/events/mindlab/edit/",
        "/organise/events/mindlab/mails/",
        "/organise/events/mindlab/mails/registration-confirmed/",
        "/organise/events/k7q2m9x4/mails/",
        "/organise/events/work-conference/sessions/new/",
        "/organise/events/work-conference/changes/",
        "/organise/sessions/{full}/",
        "/organise/sessions/{full}/mails/",
        "/organise/sessions/{held}/",
        "/organise/sessions/{cancelled}/",
        "/organise/sessions/{discreet}/",
        "/organise/sessions/{full}/message/",
        "/organise/sessions/{full}/capacity/",
        "/organise/sessions/{full}/move/",
        "/organise/sessions/{full}/place/",
        "/organise/sessions/{full}/cancel/",
        "/organise/sessions/{full}/reinstate/",
        "/organise/sessions/{held}/feedback/",
        "/organise/sessions/{asked}/feedback/",
        "/organise/sessions/{discreet_held}/feedback/",
        "/organise/sessions/{full}/feedback/",
        "/door/{held}/",
        "/door/{full}/",
    ],
    "coordinator": ["/organise/sessions/{discreet}/", "/organise/sessions/{discreet}/message/", "/door/{discreet}/"],
    "board": ["/board/", "/board/definitions/", "/board/{month}/"],
}
REFUSED = {
    "": [("/events/nothing/", 404), ("/give-back/forged/", 404)],
    "student": [("/organise/", 403), ("/board/", 403), ("/door/{today}/", 404)],
    "organiser-me": [("/organise/events/mindlab/", 403)],
}


@pytest.fixture(scope="module")
def places(house) -> dict[str, str]:
    """The addresses of this house: keys are made anew with each demo."""
    found = {name: str(UUID(house.find(question)[0][0])) for name, question in PLACES.items()}
    [(first_release,)] = house.find("SELECT min(month) FROM dashboard_release")
    return found | {"mail": min(house.mail.glob("*.eml")).stem, "month": first_release[:7]}


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("who", PAGES, ids=lambda who: who or "visitor")
def test_page_is_sound(visit, places, who, language) -> None:
    visitor = visit(language)
    if who:
        visitor.become(who)
    problems = {}

    for path in PAGES[who]:
        visitor.open(path.format(**places))
        problems[path] = visitor.problems()

    assert {path: found for path, found in problems.items() if found} == {}


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("who", REFUSED, ids=lambda who: who or "visitor")
def test_refusal_is_a_sound_page_too(visit, places, who, language) -> None:
    visitor = visit(language)
    if who:
        visitor.become(who)
    problems = {}

    for path, status in REFUSED[who]:
        visitor.open(path.format(**places), status=status)
        problems[path] = visitor.problems()

    assert {path: found for path, found in problems.items() if found} == {}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_form_that_is_no_longer_trusted_says_what_to_do(visit, language) -> None:
    visitor = visit(language)
    visitor.open("/events/executive-board-online/")
    visitor.context.clear_cookies()
    visitor.refusals_expected.add(403)

    visitor.press("Take a seat")

    visitor.page.wait_for_url("**/sign-up/")
    visitor.look()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_refused_sign_up_says_what_can_be_done(visit, places, language) -> None:
    """The page was open while the session filled up with rules of its own: what one may not do is refused kindly."""
    visitor = visit(language)
    visitor.become("person0071")
    visitor.open("/events/executive-board-online/")
    form = visitor.page.locator("form[action$='/sign-up/']").first
    form.evaluate("(form, key) => { form.action = `/sessions/${key}/sign-up/` }", places["cancelled"])
    visitor.refusals_expected.add(409)

    form.get_by_role("button").click()

    visitor.reads("Nothing has changed.")
    visitor.look()


def test_page_of_a_failure_stands_alone(visit) -> None:
    """Django renders it without a request; here the answer is put in the place of another."""
    visitor = visit("en")
    visitor.page.route(
        "**/failing/",
        lambda route: route.fulfill(status=500, body=render_to_string("500.html"), content_type="text/html"),
    )

    visitor.open("/failing/", status=500)

    visitor.look()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_page_of_an_unreadable_request_stands_alone(visit, language) -> None:
    visitor = visit(language)
    with override(language):
        page = render_to_string("400.html")
    visitor.page.route("**/unreadable/", lambda route: route.fulfill(status=400, body=page, content_type="text/html"))

    visitor.open("/unreadable/", status=400)

    visitor.look()
