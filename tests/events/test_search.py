from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from events.enums import EventKind
from events.models import Event, Round, SearchText, SearchWord, Session
from events.services import editing, search
from events.services.programme import import_programme
from project.accounts.models import Unit
from registrations.services.organizing import schedule
from tests.factories import NOW, make_event, make_organizer, make_session, make_unit, make_venue

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return sorted(search.mentioning(Session.objects.all(), text).values_list("event__title_en", flat=True))


def stored() -> dict[int, str]:
    return dict(SearchText.objects.values_list("session", "folded"))


def recomputed() -> dict[int, str]:
    rows = Session.objects.select_related("event__owner", "venue", "round")
    return {row.pk: " ".join(sorted(search.words_of(row))) for row in rows}


@pytest.fixture
def leadership():
    owner = make_unit("leiden")
    Unit.objects.filter(pk=owner.pk).update(name_en="Centre for Law", name_nl="Centrum voor Recht")
    event = make_event(
        title_en="Leadership’s café",
        title_nl="Leiderschap",
        summary_en="About co-creation",
        summary_nl="Over samen maken",
        description_en="With Søren, who reads aloud.",
        description_nl="Met Søren, die voorleest.",
        kind=EventKind.CONFERENCE,
        owner=Unit.objects.get(pk=owner.pk),
    )
    round_ = Round.objects.create(event=event, number=1, title_en="Morning", title_nl="Ochtend")
    venue = make_venue(name="Theil", room="CB-3")
    session = make_session(event=event, venue=venue, language="nl", title_en="Own name", round=round_)
    make_session(
        event=make_event(title_en="Another", title_nl="Iets anders", summary_en="", summary_nl=""), language="en"
    )
    search.refresh(Session.objects.all())
    return session


@pytest.mark.parametrize(
    "text",
    [
        "leadership",
        "LEADERSHIP",
        "cafe",
        "Café",
        "leadership's",
        "leadership\u02bcs",
        "leiderschap",
        "co-creation",
        "cocreation",
        "co creation",
        "soren",
        "SØREN",
        "voorleest",
        "aloud leadership",
        "cafe leiderschap theil",
        "theil",
        "cb3",
        "CB–3",
        "werkconferentie",
        "work conference",
        "law",
        "recht",
        "leiden",
        "nederlands",
        "dutch",
        "own name",
        "ochtend",
        "lead%ership'",
        "leader\u00adship",
        "leaderschip",
        "leadrship",
        "laedership cafe",
    ],
)
def test_each_word_is_found_whole_or_in_part(leadership, text):
    assert "Leadership’s café" in found(text)
    if "%" not in text:
        assert found(text) == ["Leadership’s café"]


@pytest.mark.parametrize(
    "text", ["leadership english", "cafe quantum", "!!!", "%", "_", "\\", "\x00", "'", "x" * 10_000, "\u202e"]
)
def test_unknown_word_finds_nothing(leadership, text):
    assert found(text) == []


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_empty_search_finds_everything(leadership, text):
    assert len(found(text)) == 2


def test_search_accepts_ten_thousand_words(leadership, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        assert found("leadership " * 5_000) == ["Leadership’s café"]
        assert found(" ".join(f"quantum{number}" for number in range(1_000))) == []


def test_search_costs_one_statement_more_and_only_for_words_that_may_be_mistyped(leadership, django_assert_num_queries):
    with django_assert_num_queries(1):
        found("own")
    with django_assert_num_queries(2):
        found("leaderschip cafeteria")


def facts_of(event: Event, **texts: str) -> editing.EventFacts:
    current = {name: getattr(event, name) for name in editing.TEXT_FIELDS}
    return editing.EventFacts(kind=event.kind, owner=event.owner, seat_scope=event.seat_scope, texts=current | texts)


def date(**overrides: Any) -> editing.SessionFacts:
    start = NOW + timedelta(days=20)
    values: dict[str, Any] = {
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "capacity": 5,
        "venue": make_venue(name="Aula"),
    }
    return editing.SessionFacts(**(values | overrides))


def test_every_verb_that_changes_a_word_updates_the_search(tmp_path):
    organizer = make_organizer()
    event = editing.create_event(
        facts=editing.EventFacts(owner=make_unit(), texts={"title_en": "First"}), actor=organizer, now=NOW
    )
    common: dict[str, Any] = {"actor": organizer, "now": NOW}
    steps = [
        lambda: editing.add_session(event_key=event.key, facts=date(title_en="Erste"), **common),
        lambda: editing.edit_event(event_key=event.key, facts=facts_of(event, summary_en="Zweite"), **common),
        lambda: editing.edit_event_texts(event_key=event.key, texts={"description_nl": "Derde"}, **common),
        lambda: schedule.relocate_session(
            session_key=event.sessions.get().key, venue=make_venue(name="Vierde"), join_url="", now=NOW
        ),
        lambda: schedule.relocate_session(
            session_key=event.sessions.get().key, venue=None, join_url="https://meet.example.org", now=NOW
        ),
        lambda: editing.edit_event(
            event_key=event.key, facts=replace(facts_of(event), owner=make_unit("zevende")), **common
        ),
    ]
    for step, word in zip(steps, ["erste", "zweite", "derde", "vierde", "online", "zevende"], strict=True):
        assert found(word) == []

        step()

        assert stored() == recomputed()
        assert found(word) == ["First"]


@pytest.fixture
def programme(tmp_path):
    file = tmp_path / "programme.yaml"

    def write(unit="Law", room="Aula", title="Listening"):
        text = f"""\
units:
  - code: law
    name: {{en: {unit}, nl: {unit}}}
venues:
  - code: aula
    name: {room}
    people: 60
events:
  - slug: listening
    kind: WORKSHOP
    status: PUBLISHED
    owner: law
    title: {{en: {title}}}
    each_session: {{venue: aula, seats: 52, from: "10:00", to: "13:00"}}
    sessions:
      - {{on: 2026-11-12}}
"""
        file.write_text(text, encoding="utf-8")
        import_programme(path=file, actor=None, now=NOW)

    return write


def test_import_that_renames_a_unit_room_or_event_updates_the_search(programme):
    programme()
    assert stored() == recomputed()

    for changed in ({"unit": "Justice"}, {"room": "Theatre"}, {"title": "Hearing"}):
        programme(**changed)
        assert stored() == recomputed()
        assert len(found(next(iter(changed.values())))) == 1


def test_repair_writes_what_no_verb_has_and_is_idempotent(leadership):
    SearchText.objects.update(folded="nothing")
    Event.objects.filter(pk=leadership.event_id).update(title_en="By hand")

    assert search.repair() == 2
    assert stored() == recomputed()
    assert search.repair() == 0


def test_the_migration_fills_what_the_verbs_would_have_written(leadership):
    SearchText.objects.all().delete()
    SearchWord.objects.all().delete()

    import_module("events.migrations.0006_search_text").fill(apps, None)

    assert stored() == recomputed()
    assert found("leaderschip") == ["Leadership’s café"]


def test_words_are_written_once_in_the_vocabulary(leadership):
    assert SearchWord.objects.filter(word="leadership").count() == 0  # "leadership’s" is one word
    assert SearchWord.objects.filter(word="leaderships").count() == 1


@pytest.mark.postgresql
def test_part_of_a_word_is_found_by_the_index_of_trigrams(leadership):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "search_text_by_trigrams" in SearchText.objects.filter(folded__contains="eadersh").explain()


def test_a_discreet_event_is_in_no_index(leadership):
    """specs/privacy.md 3: a search that finds it would tell what it is about."""
    secret = make_session(event=make_event(title_en="Quibblewick talk", is_discreet=True))
    search.refresh(Session.objects.all())

    assert found("quibblewick") == []
    assert stored()[secret.pk] == ""
    assert not SearchWord.objects.filter(word__startswith="quibble").exists()


def test_repair_forgets_words_of_an_event_that_became_discreet(leadership):
    Event.objects.filter(pk=leadership.event_id).update(is_discreet=True)

    search.repair()

    assert not SearchWord.objects.filter(word="leiderschap").exists()
    assert SearchWord.objects.filter(word="another").exists()
