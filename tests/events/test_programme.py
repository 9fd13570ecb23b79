from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from events.enums import EventStatus
from events.models import Event, Initiative, Round, Session, Venue
from events.services.programme import Outcome, UnableToImport, import_programme
from project.accounts.enums import RoleKind
from project.accounts.models import Headcount, Unit
from registrations.services.organizing.programme import preview_programme
from tests.factories import NOW, give_role, make_organizer, make_person, make_unit

pytestmark = pytest.mark.django_db

PROGRAMME = """\
units:
  - code: me
    name: {en: Mechanical Engineering, nl: Werktuigbouwkunde}
    people:
      - {on: last 10-01, STUDENT: 80, STAFF: 40}
venues:
  - code: aula
    name: Aula
    people: 60
events:
  - slug: mindlab
    kind: PERFORMANCE
    status: PUBLISHED
    owner: me
    title: {en: Mindlab}
    each_session: {venue: aula, seats: 52, from: "10:00", to: "13:00"}
    sessions:
      - {on: 2026-11-12}
      - {on: tue +2, from: "14:00", to: "17:00", units: me}
initiatives:
  - slug: etiquette
    category: COURTESY
    unit: me
    title: {nl: Etiquette}
"""
ROWS = 8  # unit, two head counts, venue, event, two sessions, initiative


def write(folder: Path, text: str = PROGRAMME, name: str = "programme.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def bring_in(path: Path, now: datetime = NOW) -> Outcome:
    return import_programme(path=path, actor=None, now=now)


def refused(path: Path) -> list[tuple[int, str, str]]:
    with pytest.raises(UnableToImport) as unable:
        bring_in(path)
    return [(problem.line, problem.field, problem.reason) for problem in unable.value.problems]


def test_import_writes_everything(tmp_path: Path) -> None:
    outcome = bring_in(write(tmp_path))

    event = Event.objects.get()
    first, second = Session.objects.order_by("-starts_at")
    assert outcome == Outcome(created=ROWS)
    assert (event.slug, event.status, event.owner.code, event.title_en) == ("mindlab", "PUBLISHED", "me", "Mindlab")
    assert first.starts_at == datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
    assert (first.capacity, first.slot, first.units) == (52, event.key, ())
    assert second.starts_at == datetime(2026, 3, 17, 13, 0, tzinfo=UTC)
    assert second.units == ("me",)
    assert Headcount.objects.get(audience="STUDENT").counted_on.isoformat() == "2025-10-01"
    assert Initiative.objects.get().unit == Unit.objects.get()


def test_import_twice_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path)
    bring_in(path)

    outcome = bring_in(path, now=NOW + timedelta(hours=1))

    assert outcome == Outcome(unchanged=ROWS)
    assert Event.objects.get().changed_at == NOW


def test_import_changes_what_differs(tmp_path: Path) -> None:
    bring_in(write(tmp_path))
    later = NOW + timedelta(hours=1)

    outcome = bring_in(write(tmp_path, PROGRAMME.replace("{en: Mindlab}", "{en: Mindlab, nl: De Mindlab}")), now=later)

    assert outcome == Outcome(changed=1, unchanged=ROWS - 1)
    assert Event.objects.get().title_nl == "De Mindlab"
    assert Event.objects.get().changed_at == later


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("from: '20:00', to: '00:00'", "12 20:00", "13 00:00"),
        ("from: '20:00', to: '01:00'", "12 20:00", "13 01:00"),
        ("from: '09:00', to: '17:00', last: 2026-11-13", "12 09:00", "13 17:00"),
        ("all_day: true", "12 00:00", "13 00:00"),
        ("all_day: true, last: 2026-11-14", "12 00:00", "15 00:00"),
    ],
)
def test_import_of_a_date_that_runs_past_midnight_or_lasts_whole_days(
    tmp_path: Path, written: str, start: str, end: str
) -> None:
    text = PROGRAMME.replace("{on: 2026-11-12}", "{on: 2026-11-12, " + written + "}")

    bring_in(write(tmp_path, text))

    session = Session.objects.latest("starts_at")
    assert [f"{moment:%d %H:%M}" for moment in (session.local_start, session.local_end)] == [start, end]


def test_import_that_renames_a_room_changes_its_dates_for_calendars(tmp_path: Path) -> None:
    bring_in(write(tmp_path))
    later = NOW + timedelta(days=1)

    bring_in(write(tmp_path, PROGRAMME.replace("name: Aula", "name: Great hall")), now=later)

    assert {session.changed_at for session in Session.objects.all()} == {later}


def test_import_of_a_published_event_keeps_it_published(tmp_path: Path) -> None:
    bring_in(write(tmp_path))

    bring_in(write(tmp_path, PROGRAMME.replace("status: PUBLISHED", "status: DRAFT")))

    assert Event.objects.get().status == EventStatus.PUBLISHED


def test_import_leaves_dates_alone_that_the_file_no_longer_names(tmp_path: Path) -> None:
    bring_in(write(tmp_path))

    bring_in(write(tmp_path, PROGRAMME.replace("      - {on: 2026-11-12}\n", "")))

    assert Session.objects.count() == 2


def test_preview_writes_nothing(tmp_path: Path) -> None:
    outcome = preview_programme(path=write(tmp_path), actor=None, now=NOW)

    assert outcome == Outcome(created=ROWS)
    assert not Unit.objects.exists()


def test_import_of_a_folder_is_one_programme(tmp_path: Path) -> None:
    units, _rest, events = PROGRAMME.partition("events:\n")
    write(tmp_path, "events:\n" + events, "a.yaml")
    write(tmp_path, units, "b.yml")
    write(tmp_path, "not: read", "c.txt")

    assert bring_in(tmp_path) == Outcome(created=ROWS)


WRONG = [
    ("kind: PERFORMANCE", "kind: SHOW", 12, "events.kind", "not one of: PERFORMANCE"),
    ("kind: PERFORMANCE", "kind: [a, b]", 12, "events.kind", "single value"),
    ("status: PUBLISHED", "status: CANCELLED", 13, "events.status", "not one of"),
    ("owner: me", "owner: nobody", 14, "events.owner", "There is no “nobody” here"),
    ("owner: me", "ownr: me", 14, "events.ownr", "no field of this name"),
    ("owner: me", "ownr: me", 11, "events.owner", "missing"),
    ("slug: mindlab", "slug: Mind Lab", 11, "events.slug", "lower-case"),
    ("slug: mindlab", "slug: new", 11, "events.slug", "Choose another"),
    ("slug: mindlab", "slug: " + "m" * 81, 11, "events.slug", "at most 80"),
    ("title: {en: Mindlab}", "title: {en: '', nl: ''}", 15, "events.title", "Give a title"),
    ("title: {en: Mindlab}", "title: Mindlab", 15, "events.title", "Expected fields"),
    ("title: {en: Mindlab}", "title: {en: Mindlab, fr: Mindlab}", 15, "events.title.fr", "no field of this name"),
    ("title: {en: Mindlab}", 'title: {en: "Mind\\u0007lab"}', 15, "events.title.en", "control character"),
    ("title: {en: Mindlab}", 'title: {en: "Mind\\ud800lab"}', 15, "events.title.en", "control character"),
    ("title: {en: Mindlab}", "title: {en: " + "é" * 151 + "}", 15, "events.title.en", "at most 150"),
    ("owner: me", "owner: me\n    owner: me", 15, "events.owner", "there twice"),
    ("owner: me", "owner: me\n    discreet: perhaps", 15, "events.discreet", "yes or no"),
    ("owner: me", "owner: me\n    coordinators: [a@demo.example]", 15, "events.coordinators", "Only a discreet"),
    ("owner: me", "owner: me\n    cancel_until_hours: -1", 15, "events.cancel_until_hours", "whole number"),
    ("owner: me", "owner: me\n    audiences: STAFF CATS", 15, "events.audiences", "“CATS” is not one of"),
    ("owner: me", "owner: me\n    audiences: [{a: b}]", 15, "events.audiences", "list of words"),
    ("owner: me", "owner: me\n    units: me atlantis", 15, "events.units", "atlantis"),
    ("owner: me", "owner: me\n    rounds: [{number: 1}]", 15, "events.rounds", "one_seat_per: ROUND"),
    ("seats: 52", "seats: 61", 16, "events.sessions.seats", "only 60 people"),
    ("seats: 52", "seats: none", 16, "events.sessions.seats", "whole number"),
    ("seats: 52", "seats: 99999999999", 16, "events.sessions.seats", "whole number"),
    ("venue: aula", "venue: cellar", 16, "events.sessions.venue", "There is no “cellar” here"),
    ("venue: aula", "timezone: Europe", 16, "events.sessions.timezone", "no such time zone"),
    ("venue: aula", "timezone: Etc/GMT+5", 16, "events.sessions.timezone", "no such time zone"),
    ("venue: aula", "timezone: europe/amsterdam", 16, "events.sessions.timezone", "no such time zone"),
    ("venue: aula", "language: nl", 18, "events.sessions.venue", "Give a venue"),
    ("venue: aula", "join_url: 'javascript:alert(1)'", 16, "events.sessions.join_url", "not a web address"),
    ("venue: aula", "venue: aula, round: 1", 16, "events.sessions.round", "one_seat_per: ROUND"),
    ('to: "13:00"', 'to: "09:00"', 16, "events.sessions.to", "before the start"),
    ('to: "13:00"', "to: noon", 16, "events.sessions.to", "is no time"),
    ('to: "13:00"', 'to: "25:00"', 16, "events.sessions.to", "is no time"),
    ("on: 2026-11-12", "on: 2026-02-30", 18, "events.sessions.on", "is no date"),
    ("on: 2026-11-12", "on: someday", 18, "events.sessions.on", "is no date"),
    ("on: 2026-11-12", "on: 0001-01-01, from: '00:10'", 18, "events.sessions.from", "too far away"),
    ("on: 2026-11-12", "on: 2076-11-12", 16, "events.sessions.from", "too far away"),
    ("on: 2026-11-12", 'on: 2026-03-29, from: "02:30"', 18, "events.sessions.from", "does not exist"),
    ("on: 2026-11-12", "on: 2026-11-12, closes: 2026-11-12 10:01", 18, "events.sessions.closes", "before the start"),
    ("on: 2026-11-12", "on: 2026-11-12, opens: soon", 18, "events.sessions.opens", "is no moment"),
    ("sessions:\n", "sessions: 5\n    x:\n", 17, "events.sessions", "Expected a list"),
    ("people: 60", "people: 60\n    latitude: north", 10, "venues.latitude", "Expected a number"),
    ("code: aula", "code: aula\n    name: again", 9, "venues.name", "there twice"),
    ("name: {en: Mechanical Engineering, nl: Werktuigbouwkunde}", "name: {en: ME}", 3, "units.name", "both languages"),
    ("category: COURTESY", "category: FUN", 22, "initiatives.category", "not one of"),
    ("unit: me\n", "unit: you\n", 23, "initiatives.unit", "There is no “you” here"),
    ("initiatives:", "ideas:", 20, "ideas", "no field of this name"),
    ("units:", "units: *me", 1, "", "References"),
    ("units:", "units: [" + "[" * 50, 1, "", "nested too deeply"),
    ("units:", "units: {", 2, "", "not valid YAML"),
    ("owner: me", "owner: me\x00", 14, "", "control character"),
    ("owner: me", 'owner: "\\UFFFFFFFF"', 0, "", "does not exist"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "field", "reason"), WRONG)
def test_import_refuses(tmp_path: Path, right: str, wrong: str, line: int, field: str, reason: str) -> None:
    problems = refused(write(tmp_path, PROGRAMME.replace(right, wrong, 1)))

    assert any(found[:2] == (line, field) and reason in found[2] for found in problems), problems
    assert not any(model.objects.exists() for model in (Unit, Venue, Event, Session, Initiative))


def test_import_names_every_problem_at_once(tmp_path: Path) -> None:
    text = PROGRAMME.replace("kind: PERFORMANCE", "kind: SHOW").replace("seats: 52", "seats: 0")
    text = text.replace("owner: me", "owner: nobody")

    problems = refused(write(tmp_path, text))

    assert [problem[:2] for problem in problems] == [
        (12, "events.kind"),
        (14, "events.owner"),
        (16, "events.sessions.seats"),
    ]


def test_import_refuses_twins(tmp_path: Path) -> None:
    twice = PROGRAMME.replace("on: 2026-11-12}", "on: 2026-11-12}\n      - {on: 2026-11-12}")

    assert refused(write(tmp_path, twice)) == [(19, "events.sessions.on", "This is there twice.")]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("programme.xlsx", b"PK", "Spreadsheets are not read yet"),
        ("programme.csv", b"a,b", "is a .yaml file"),
        ("programme.yaml", b"\xff\xfe\x00", "no text in UTF-8"),
        ("programme.yaml", b"- a list", "begins with units:"),
        ("programme.yaml", b"", "begins with units:"),
        ("programme.yaml", b"a" * 2_000_001, "too large"),
    ],
)
def test_import_refuses_a_file_that_is_no_programme(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert reason in refused(path)[0][2]


def test_import_refuses_missing_files(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "gone.yaml")[0][2]
    assert "no YAML file" in refused(tmp_path)[0][2]


def test_import_refuses_too_many_files(tmp_path: Path) -> None:
    for number in range(51):
        write(tmp_path, "", f"{number}.yaml")

    assert "too many files" in refused(tmp_path)[0][2]


def test_import_refuses_changes_that_people_must_be_told_about(tmp_path: Path) -> None:
    bring_in(write(tmp_path))
    text = PROGRAMME.replace("seats: 52", "seats: 40").replace("kind: PERFORMANCE", "kind: TRAINING")

    problems = refused(write(tmp_path, text))

    assert [problem[1] for problem in problems] == ["events.kind", "events.sessions.seats"]
    assert {session.capacity for session in Session.objects.all()} == {52}


DISCREET = """\
events:
  - slug: {slug}
    kind: TRAINING
    owner: me
    discreet: yes
    coordinators: {coordinators}
    title: {{en: Interviewing skills}}
"""


def test_import_of_a_discreet_event_names_two_coordinators(tmp_path: Path) -> None:
    make_unit("me")
    one, two = make_person(email="one@demo.example"), make_person(email="two@demo.example")

    bring_in(write(tmp_path, DISCREET.format(slug="k7q2m9", coordinators="[one@demo.example, Two@demo.example]")))

    assert set(Event.objects.get().coordinators.all()) == {one, two}


@pytest.mark.parametrize(
    ("slug", "coordinators", "field"),
    [
        ("interviewing-skills", "[one@demo.example, two@demo.example]", "events.slug"),
        ("interviewing", "[one@demo.example, two@demo.example]", "events.slug"),
        ("k7q2m9", "[one@demo.example]", "events.coordinators"),
        ("k7q2m9", "[one@demo.example, three@demo.example]", "events.coordinators"),
    ],
)
def test_import_of_a_discreet_event_refuses(tmp_path: Path, slug: str, coordinators: str, field: str) -> None:
    make_unit("me")
    make_person(email="one@demo.example")
    make_person(email="two@demo.example")

    problems = refused(write(tmp_path, DISCREET.format(slug=slug, coordinators=coordinators)))

    assert [problem[1] for problem in problems] == [field]
    assert "@" not in problems[0][2]


CONFERENCE = """\
events:
  - slug: conference
    kind: CONFERENCE
    owner: me
    one_seat_per: ROUND
    title: {en: Conference}
    rounds: [{number: 1, title: {en: First}}, {number: 2}]
    sessions:
      - {on: 2026-11-12, from: "10:00", to: "11:00", seats: 5, join_url: "https://meet.example", round: 2}
"""


def test_import_of_a_conference_makes_rounds(tmp_path: Path) -> None:
    make_unit("me")

    bring_in(write(tmp_path, CONFERENCE))

    session = Session.objects.get()
    assert session.slot == Round.objects.get(number=2).key


def test_import_refuses_an_unknown_round(tmp_path: Path) -> None:
    make_unit("me")

    assert refused(write(tmp_path, CONFERENCE.replace("round: 2", "round: 3")))[0][1] == "events.sessions.round"
    assert refused(write(tmp_path, CONFERENCE.replace("number: 2", "number: 1")))[0][1] == "events.rounds"


def test_import_refuses_to_move_a_session_to_another_round(tmp_path: Path) -> None:
    make_unit("me")
    bring_in(write(tmp_path, CONFERENCE))

    assert refused(write(tmp_path, CONFERENCE.replace("round: 2", "round: 1")))[0][1] == "events.sessions.round"


def test_import_of_an_organizer_stays_within_the_unit(tmp_path: Path) -> None:
    actor = make_organizer(unit=make_unit("tpm"))

    with pytest.raises(UnableToImport) as unable:
        import_programme(path=write(tmp_path), actor=actor, now=NOW)

    assert {problem.field for problem in unable.value.problems} == {"units", "venues", "initiatives", "events.owner"}
    assert not Event.objects.exists()


def test_import_of_an_organizer_of_the_unit(tmp_path: Path) -> None:
    actor = make_organizer(unit=make_unit("me"))

    outcome = import_programme(path=write(tmp_path, CONFERENCE), actor=actor, now=NOW)

    assert outcome == Outcome(created=4)


def test_import_of_an_organizer_of_all_units(tmp_path: Path) -> None:
    actor = give_role(make_person(), RoleKind.COORDINATOR)

    assert import_programme(path=write(tmp_path), actor=actor, now=NOW).created > 0


def test_import_of_a_date_that_starts_soon(tmp_path: Path) -> None:
    text = PROGRAMME.replace("on: 2026-11-12", 'from: now +21, lasts: "2:00"')

    bring_in(write(tmp_path, text))

    session = Session.objects.earliest("starts_at")
    assert session.starts_at == NOW + timedelta(minutes=25)
    assert session.ends_at == NOW + timedelta(hours=2, minutes=25)


@pytest.mark.parametrize("today", ["2026-11-22", "2026-12-27", "2027-03-28", "2027-04-23", "2027-07-31", "2028-02-29"])
def test_demo_programme_can_be_brought_in_on_any_day(today: str) -> None:
    for number in (1, 2):
        make_person(email=f"coordinator{'-2' if number > 1 else ''}@demo.example", unit=None)
    now = datetime.fromisoformat(f"{today}T16:00+00:00")

    bring_in(settings.BASE_DIR / "events" / "demo", now=now)

    kinds = set(Event.objects.filter(sessions__starts_at__gt=now).values_list("kind", flat=True))
    assert len(kinds) == 5
    assert not Event.objects.filter(title_nl="").exists()
    assert Initiative.objects.exclude(summary_nl="").count() >= 15
