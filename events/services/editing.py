from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from events.enums import ComingAgain, EventKind, EventStatus, SeatScope, SessionLanguage
from events.models import MAX_SEATS, Event, Round, Session, slot_of
from events.models.timezones import is_region
from events.querysets import LONGEST_SESSION
from events.rules import leads_back_to
from events.services import search, slugs
from events.services.moments import is_far_away
from events.services.pictures.changing import change_picture
from events.services.refusals import UnableToChange, legible
from project.accounts.services.roles import rights_of
from project.text import texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from events.models import Venue
    from events.services.pictures.changing import PictureChange
    from project.accounts.models import Unit, User

COORDINATORS_OF_A_DISCREET_EVENT = 2
OFFER_LEAST, OFFER_MOST = 2, 60  # working hours: time to read a mail, and a week


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    """What an organiser enters about an event."""

    kind: str = EventKind.WORKSHOP
    owner: Unit
    is_discreet: bool = False
    seat_scope: str = SeatScope.EVENT
    coming_again: str = ComingAgain.BEHIND
    audiences: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    cancel_until_hours: int = 24
    needs_approval: bool = False
    prerequisite: Event | None = None
    seated_until_hours: int = 72
    offered_until_hours: int = 4
    offer_working_hours: int = 12
    coordinators: Sequence[User] = ()
    texts: dict[str, str] = field(default_factory=dict)
    picture: PictureChange | None = None  # None leaves it as it is


@dataclass(frozen=True, kw_only=True)
class SessionFacts:
    """What an organiser enters about one date. Moments are in UTC; `timezone` is where the clock times are read."""

    starts_at: datetime
    ends_at: datetime
    timezone: str = "Europe/Amsterdam"
    venue: Venue | None = None
    join_url: str = ""
    capacity: int
    language: str = SessionLanguage.ENGLISH
    has_waiting_list: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    audiences: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    is_unlisted: bool = False
    title_en: str = ""
    title_nl: str = ""
    round_number: int | None = None


TEXT_FIELDS = tuple(
    f"{name}_{language}"
    for name in ("title", "summary", "description", "content_note", "bring", "aftercare", "questions")
    for language in ("en", "nl")
)
ONE_LINE_TEXTS = ("title", "summary")
EVENT_COLUMNS = (
    "coming_again",
    "audiences",
    "units",
    "cancel_until_hours",
    "needs_approval",
    "prerequisite",
    "seated_until_hours",
    "offered_until_hours",
    "offer_working_hours",
)
SESSION_COLUMNS = tuple(name for name in SessionFacts.__dataclass_fields__ if name != "round_number")


@transaction.atomic(durable=True)
def create_event(*, facts: EventFacts, actor: User, now: datetime) -> Event:
    """Creates a draft, which only organisers see. A discreet event gets a random slug (specs/privacy.md 3).

    Refuses: `not-yours`, `no-title`, `unreadable`, `offers-before-seats`, `offer-hours`, `prerequisite-discreet`, and
    as `change_picture`.
    """
    _refuse_strangers(facts.owner, actor)
    event = Event(
        slug=_free_slug(facts),
        kind=facts.kind,
        owner=facts.owner,
        is_discreet=facts.is_discreet,
        seat_scope=facts.seat_scope,
    )
    event.created_at = now
    _write(event, facts, now)
    return event


@transaction.atomic(durable=True)
def edit_event(*, event_key: UUID, facts: EventFacts, actor: User, now: datetime) -> Event:
    """Changes an event, except its kind, discretion and seat scope: people signed up because of those.

    Refuses: `not-yours` (also for the unit it would move to), `no-title`, `unreadable`, `coordinators-missing` once
    people can find it, `offers-before-seats`, `offer-hours`, `prerequisite-itself`, `prerequisite-circular`,
    `prerequisite-discreet`, and as `change_picture`.
    """
    return rewrite_event(event_key=event_key, facts=facts, actor=actor, now=now)


def rewrite_event(*, event_key: UUID, facts: EventFacts, actor: User, now: datetime) -> Event:
    """Does what `edit_event` does, inside the caller's transaction."""
    event = _lock(event_key, actor)
    _refuse_strangers(facts.owner, actor)
    if event.status in {EventStatus.PUBLISHED, EventStatus.UNLISTED}:
        _refuse_without_coordinators(event, named=len(facts.coordinators))
    event.owner = facts.owner
    _write(event, facts, now)
    search.refresh(Session.objects.filter(event=event))
    return event


@transaction.atomic(durable=True)
def edit_event_texts(*, event_key: UUID, texts: dict[str, str], actor: User, now: datetime) -> Event:
    """Changes only the given texts (`TEXT_FIELDS`).

    Refuses: `not-yours`, `no-title`, `unreadable`, `unknown-text`.
    """
    event = _lock(event_key, actor)
    unknown = sorted(set(texts) - set(TEXT_FIELDS))
    if unknown:
        raise UnableToChange("unknown-text", _("An event has no such text."), field=unknown[0])
    _write_texts(event, texts, now)
    event.save()
    search.refresh(Session.objects.filter(event=event))
    return event


@transaction.atomic(durable=True)
def publish_event(*, event_key: UUID, actor: User, now: datetime) -> Event:
    """Shows a draft in the catalogue. Idempotent.

    Refuses: `not-yours`, `not-a-draft` (cancelled or archived), `coordinators-missing` (a discreet event names exactly
    two people who may see names, specs/privacy.md 3).
    """
    event = _lock(event_key, actor)
    if event.status == EventStatus.PUBLISHED:
        return event
    if event.status not in {EventStatus.DRAFT, EventStatus.UNLISTED}:
        raise UnableToChange("not-a-draft", _("This event was cancelled or archived. Make a new one instead."))
    _refuse_without_coordinators(event, named=event.coordinators.count())
    event.status, event.changed_at = EventStatus.PUBLISHED, now
    event.save(update_fields=["status", "changed_at"])
    return event


def add_session(*, event_key: UUID, facts: SessionFacts, actor: User, now: datetime) -> Session:
    """Adds one date; see `add_sessions`."""
    return add_sessions(event_key=event_key, sessions=[facts], actor=actor, now=now)[0]


@transaction.atomic(durable=True)
def add_sessions(*, event_key: UUID, sessions: Sequence[SessionFacts], actor: User, now: datetime) -> list[Session]:
    """Adds dates, all or none. To change an existing date, use the verbs of `registrations`: people must be told.

    Refuses: `not-yours`, `over` (cancelled or archived event), `times-reversed`, `started`, `too-far`,
    `closes-after-start`, `nowhere`, `no-seats`, `room-too-small`, `round-missing`, `unreadable`, `twice`.
    """
    event = _lock(event_key, actor)
    if event.status in {EventStatus.CANCELLED, EventStatus.ARCHIVED}:
        raise UnableToChange("over", _("This event was cancelled or archived, so it gets no new dates."))
    added = [_add(event, facts, now) for facts in sessions]
    search.refresh(Session.objects.filter(pk__in=[session.pk for session in added]))
    return added


def _add(event: Event, facts: SessionFacts, now: datetime) -> Session:
    _refuse_impossible_times(facts, now)
    _refuse_impossible_place(facts)
    facts = replace(
        facts,
        title_en=legible(texts.one_line, facts.title_en, field="title_en"),
        title_nl=legible(texts.one_line, facts.title_nl, field="title_nl"),
    )
    session = Session(event=event, changed_at=now, **{name: getattr(facts, name) for name in SESSION_COLUMNS})
    session.round = _round_of(event, facts)
    session.slot = slot_of(session)
    twin = Session.objects.filter(event=event, starts_at=facts.starts_at, venue=facts.venue, title_en=facts.title_en)
    if twin.filter(title_nl=facts.title_nl).exists():
        raise UnableToChange("twice", _("This date is there already, at the same time and place."), field="start")
    session.save()
    return session


def _refuse_impossible_times(facts: SessionFacts, now: datetime) -> None:
    if not is_region(facts.timezone):
        raise UnableToChange("no-timezone", _("There is no such time zone. Write Europe/Amsterdam."), field="day")
    if facts.ends_at <= facts.starts_at:
        raise UnableToChange("times-reversed", _("The end comes before the start. Change one of them."), field="end")
    if facts.starts_at <= now:
        raise UnableToChange("started", _("This moment has passed. Choose a date in the future."), field="day")
    if is_far_away(facts.starts_at, now) or facts.ends_at - facts.starts_at > LONGEST_SESSION:
        raise UnableToChange("too-far", _("Choose a date within ten years; a session ends within a week."), field="day")
    if facts.closes_at and facts.closes_at > facts.starts_at:
        text = _("Sign-up must close before the start, or at the start.")
        raise UnableToChange("closes-after-start", text, field="closes_at")


def _refuse_impossible_place(facts: SessionFacts) -> None:
    if facts.venue is None and not facts.join_url:
        raise UnableToChange("nowhere", _("Choose a room, or enter a link to join online."), field="venue")
    if not 1 <= facts.capacity <= MAX_SEATS:
        raise UnableToChange("no-seats", _("Give a number of seats from 1 to 10,000."), field="capacity")
    if facts.venue and facts.capacity > facts.venue.capacity:
        text = _("The room holds fewer people than that. Give fewer seats, or choose a larger room.")
        raise UnableToChange("room-too-small", text, field="capacity")


def _round_of(event: Event, facts: SessionFacts) -> Round | None:
    """Returns the round with this number, creating it on first use. None unless the event has one seat per round."""
    if event.seat_scope != SeatScope.ROUND:
        return None
    if facts.round_number is None:
        raise UnableToChange("round-missing", _("Say in which round of the conference this is."), field="round_number")
    return Round.objects.get_or_create(event=event, number=facts.round_number)[0]


def _lock(event_key: UUID, actor: User) -> Event:
    event = Event.objects.select_for_update(no_key=True).get(key=event_key)
    _refuse_strangers(event.owner, actor)
    return event


def _refuse_without_coordinators(event: Event, *, named: int) -> None:
    if event.is_discreet and named != COORDINATORS_OF_A_DISCREET_EVENT:
        text = _("A discreet event names exactly two coordinators: the only people who see names.")
        raise UnableToChange("coordinators-missing", text, field="coordinators")


def _refuse_strangers(owner: Unit, actor: User) -> None:
    if not rights_of(actor).may_organize(owner.pk):
        raise UnableToChange("not-yours", _("You do not organise for this unit."), field="owner")


def _refuse_impossible_clock(facts: EventFacts) -> None:
    """Free seats are booked at once first, then offered, then left to whoever is first; hours count to the start."""
    if facts.seated_until_hours < facts.offered_until_hours:
        text = _("Offers come after the time in which seats are booked at once, so this cannot be the smaller number.")
        raise UnableToChange("offers-before-seats", text, field="seated_until_hours")
    if not OFFER_LEAST <= facts.offer_working_hours <= OFFER_MOST:
        text = _("Give people from %(least)d to %(most)d working hours to answer.")
        raise UnableToChange(
            "offer-hours", text % {"least": OFFER_LEAST, "most": OFFER_MOST}, field="offer_working_hours"
        )


def _refuse_impossible_prerequisite(event: Event, prerequisite: Event | None) -> None:
    """Refuses what nobody could have attended: the event itself, a circle, or a discreet event (no completions)."""
    if prerequisite is None:
        return
    if prerequisite.pk == event.pk:
        code, text = "prerequisite-itself", _("An event cannot ask people to have attended itself first.")
    elif prerequisite.is_discreet:
        code, text = (
            "prerequisite-discreet",
            _("We do not keep who attended a discreet event, so it cannot be asked for."),
        )
    elif event.pk and leads_back_to(event.pk, prerequisite.pk, _prerequisites()):
        code, text = "prerequisite-circular", _("That event asks for this one first, so nobody could attend either.")
    else:
        return
    raise UnableToChange(code, text, field="prerequisite")


def _prerequisites() -> dict[int, int]:
    with_prerequisite = Event.objects.filter(prerequisite__isnull=False)
    return {
        event: prerequisite
        for event, prerequisite in with_prerequisite.values_list("pk", "prerequisite")
        if prerequisite
    }


def _write(event: Event, facts: EventFacts, now: datetime) -> None:
    _refuse_impossible_clock(facts)
    _refuse_impossible_prerequisite(event, facts.prerequisite)
    for name in EVENT_COLUMNS:
        setattr(event, name, getattr(facts, name))
    _write_texts(event, facts.texts, now)
    event.save()
    event.coordinators.set(facts.coordinators if event.is_discreet else [])
    if facts.picture:
        change_picture(event, facts.picture)


def _write_texts(event: Event, changed: dict[str, str], now: datetime) -> None:
    for name in TEXT_FIELDS:
        rule = texts.one_line if name.startswith(ONE_LINE_TEXTS) else texts.paragraphs
        setattr(event, name, legible(rule, changed.get(name, getattr(event, name)), field=name))
    if not (event.title_en or event.title_nl):
        raise UnableToChange("no-title", _("Give a title, in English or in Dutch."), field="title_en")
    event.changed_at = now


def _free_slug(facts: EventFacts) -> str:
    if facts.is_discreet:
        return slugs.opaque()
    title = facts.texts.get("title_en") or facts.texts.get("title_nl") or ""
    return slugs.readable(slugify(title), taken=set(Event.objects.values_list("slug", flat=True)))
