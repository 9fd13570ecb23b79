"""One true example of every kind of mail, from objects that are the same on every run: what the golden texts are
rendered from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

from events.enums import EventKind, SeatScope, SessionLanguage
from events.models import Event, Session
from project.accounts.enums import AddressPurpose
from project.accounts.models import PendingAddress, User
from project.outbox.models import Message
from project.outbox.services.bundles import TOGETHER
from registrations.enums import Status
from registrations.models import AccessLink, CoordinatorChange, InboundMail, Notice, Registration
from registrations.rules import COLLEAGUE_ANSWERS_WITHIN
from registrations.services.calendar import notifications
from tests.factories import NOW, make_event, make_person, make_session, make_venue
from tests.registrations.support.mails import EXPIRES_AT, make_claim

TITLES = {"title_en": "The way we talk", "title_nl": "Hoe wij praten"}
TEXTS = {
    "summary_en": "A play about work, followed by a conversation.",
    "summary_nl": "Een voorstelling over werk, met een gesprek na afloop.",
    "content_note_en": "The play shows shouting.",
    "content_note_nl": "In de voorstelling wordt geschreeuwd.",
}
ROOM = {
    "code": "demo-hall",
    "name": "Demo Hall",
    "room": "Room 1",
    "address": "Demo Street 1",
    "directions_en": "Second floor, left of the lift.",
    "directions_nl": "Tweede verdieping, links van de lift.",
}
JOIN_URL = "https://video.demo.example/room"
INVITE = {"uid": str(UUID(int=7)), "sequence": 0, "stamped_at": NOW.isoformat(), "partstat": "NEEDS-ACTION"}
RAW = (
    b"From: Demo Ann <demo.ann@demo.example>\r\nSubject: Re: Confirmed: The way we talk\r\n\r\n"
    b"Is the room accessible?\r\n"
)
NOTICE = {
    "subject_en": "Bring your own lunch",
    "subject_nl": "Neem je lunch mee",
    "body_en": "Dear {name},\n\nThe canteen is closed on {date}.",
    "body_nl": "Beste {name},\n\nDe kantine is dicht op {date}.",
}
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


def key(number: int) -> UUID:
    """Fixed, and with another reference for each number."""
    return UUID(f"{0xA10000 + number:06x}00-0000-4000-8000-000000000000")


@dataclass
class Scene:
    """A person, an event and its date, all of them created on first use."""

    language: str
    is_discreet: bool = False
    is_online: bool = False
    seat_scope: SeatScope = SeatScope.EVENT
    claims: list[Registration] = field(default_factory=list)

    @cached_property
    def person(self) -> User:
        return make_person(
            name="Demo Robin", email="demo.robin@demo.example", language=self.language, last_login=NOW, key=key(50)
        )

    @cached_property
    def event(self) -> Event:
        return make_event(
            key=key(60),
            slug="demo-play",
            is_discreet=self.is_discreet,
            seat_scope=self.seat_scope,
            **TITLES,
            **TEXTS,
        )

    @cached_property
    def session(self) -> Session:
        online = {"join_url": JOIN_URL} if self.is_online else {}
        return make_session(
            key=key(70), event=self.event, venue=make_venue(**ROOM), language=SessionLanguage.ENGLISH, **online
        )

    @cached_property
    def later(self) -> Session:
        return make_session(
            key=key(71), event=self.event, venue=self.session.venue, starts_at=self.session.starts_at + A_WEEK
        )

    @cached_property
    def another_event_at_the_same_time(self) -> Session:
        """On another event, which is as discreet as the first."""
        event = make_event(
            key=key(61), slug="demo-talk", is_discreet=self.is_discreet, title_en="Demo talk", title_nl="Demolezing"
        )
        return make_session(
            key=key(72), event=event, venue=self.session.venue, starts_at=self.session.starts_at + timedelta(hours=1)
        )

    def claim(self, status: Status, **overrides: Any) -> Registration:
        moments = {"offer_expires_at": EXPIRES_AT} if status == Status.OFFERED else {}
        values = {"session": self.session, "attendee": self.person, "key": key(len(self.claims) + 1)}
        self.claims.append(make_claim(status, **(values | moments | overrides)))
        return self.claims[-1]

    def message(self, kind: str, subject: UUID | None, **facts: Any) -> Message:
        return Message(
            kind=kind,
            recipient=self.person,
            address=self.person.email,
            language=self.language,
            subject_id=subject,
            facts=facts,
            created_at=NOW,
            due_at=NOW,
        )

    def about(self, claim: Registration, kind: str, **facts: Any) -> Message:
        """A discreet session is in no calendar."""
        entry = {"invite": facts.pop("invite")} if "invite" in facts and not self.is_discreet else {}
        facts.pop("invite", None)
        return self.message(kind, claim.key, **(notifications.facts_about(claim.session) | facts | entry))


def was_earlier(scene: Scene) -> dict[str, Any]:
    facts, session = notifications.facts_about(scene.session), scene.session
    return facts | {
        "starts_at": (session.starts_at - A_DAY).isoformat(),
        "ends_at": (session.ends_at - A_DAY).isoformat(),
    }


def was_elsewhere(scene: Scene) -> dict[str, Any]:
    return notifications.facts_about(scene.session) | {"place": "Demo Library, Room 2", "address": "Demo Street 2"}


def was_online(scene: Scene) -> dict[str, Any]:
    return notifications.facts_about(scene.session) | {"join_url": f"{JOIN_URL}/old"}


class Example(Protocol):
    """Sets the scene, and returns the mail of this kind about it."""

    def __call__(self, scene: Scene, kind: str) -> Message: ...


def with_calendar(scene: Scene, kind: str) -> Message:
    """A seat, with its entry in the calendar."""
    return scene.about(scene.claim(Status.CONFIRMED), kind, invite=INVITE)


def without_calendar(scene: Scene, kind: str) -> Message:
    return scene.about(scene.claim(Status.CONFIRMED), kind)


def brief(scene: Scene, kind: str) -> Message:
    return scene.about(scene.claim(Status.CONFIRMED), kind, invite=INVITE, is_brief=True)


def online(scene: Scene, kind: str) -> Message:
    scene.is_online = True
    return with_calendar(scene, kind)


def at_the_same_time_as_another(scene: Scene, kind: str) -> Message:
    scene.claim(Status.CONFIRMED, session=scene.another_event_at_the_same_time)
    return with_calendar(scene, kind)


def out_of_calendar(scene: Scene, kind: str) -> Message:
    return scene.about(scene.claim(Status.CANCELLED), kind, invite=INVITE)


def door_mistake(scene: Scene, kind: str) -> Message:
    return scene.about(scene.claim(Status.WAITLISTED), kind, invite=INVITE)


def in_state(status: Status, **facts: Any) -> Example:
    def example(scene: Scene, kind: str) -> Message:
        return scene.about(scene.claim(status), kind, **facts)

    return example


def changed(was: Callable[[Scene], dict[str, Any]], status: Status = Status.CONFIRMED, **more: Any) -> Example:
    def example(scene: Scene, kind: str) -> Message:
        entry = {"invite": INVITE} if status == Status.CONFIRMED else {}
        return scene.about(scene.claim(status), kind, was=was(scene), **entry, **more)

    return example


def link_changed(scene: Scene, kind: str) -> Message:
    scene.is_online = True
    return changed(was_online)(scene, kind)


def swapped(scene: Scene, kind: str) -> Message:
    claim = scene.claim(Status.CONFIRMED)
    left = scene.claim(Status.CANCELLED, session=scene.later)
    return scene.about(claim, kind, invite=INVITE, was=notifications.facts_left(left, claim))


def instead_of_a_seat(status: Status) -> Example:
    """On another date of the slot the person has a seat, which this one would replace."""

    def example(scene: Scene, kind: str) -> Message:
        held = scene.claim(Status.CONFIRMED, session=scene.later)
        return scene.about(scene.claim(status, replaces=held), kind)

    return example


def waiting_for_several(scene: Scene, kind: str) -> Message:
    first = scene.claim(Status.WAITLISTED)
    scene.claim(Status.WAITLISTED, session=scene.later)
    return scene.about(first, kind)


def waiting_for_any(scene: Scene, kind: str) -> Message:
    first = scene.claim(Status.WAITLISTED, wants_any_date=True)
    scene.claim(Status.WAITLISTED, session=scene.later, wants_any_date=True)
    return scene.about(first, kind)


def asked_along(scene: Scene, kind: str) -> Message:
    until = NOW + COLLEAGUE_ANSWERS_WITHIN
    return scene.about(scene.claim(Status.OFFERED, offer_expires_at=until), kind, inviter="Demo Ann")


def to_a_stranger(scene: Scene, kind: str) -> Message:
    User.objects.filter(pk=scene.person.pk).update(last_login=None, name="")
    scene.person.refresh_from_db()
    return asked_along(scene, kind)


def two_on_one_day(scene: Scene, kind: str) -> Message:
    scene.claim(Status.CONFIRMED, session=scene.another_event_at_the_same_time)
    return without_calendar(scene, kind)


def several_seats(scene: Scene, kind: str) -> Message:
    scene.seat_scope = SeatScope.SESSION
    claims = [scene.claim(Status.CONFIRMED, session=session) for session in (scene.session, scene.later)]
    Session.objects.filter(pk=scene.session.pk).update(title_en="Part 1", title_nl="Deel 1")
    return scene.message(
        kind, scene.event.key, registrations=[str(claim.key) for claim in claims], has_invitations=not scene.is_discreet
    )


def dates_announced(scene: Scene, kind: str) -> Message:
    for week in range(7):
        make_session(event=scene.event, venue=None, starts_at=NOW + A_DAY + week * A_WEEK)
    return scene.message(kind, scene.event.key)


def personal_link(scene: Scene, kind: str) -> Message:
    link = AccessLink.objects.create(
        key=key(80), session=scene.session, address=scene.person.email, created_at=NOW, expires_at=NOW + A_WEEK
    )
    return scene.message(kind, link.key)


def notice(scene: Scene, kind: str) -> Message:
    claim = scene.claim(Status.CONFIRMED)
    said = Notice.objects.create(
        key=key(81), session=scene.session, statuses=[Status.CONFIRMED], created_at=NOW, **NOTICE
    )
    return scene.about(claim, kind, notice=str(said.key))


def together(scene: Scene, kind: str) -> Message:
    """Mails meet only where no calendar entry goes with them."""
    moved = changed(was_earlier, Status.WAITLISTED)(scene, "session-moved")
    called_off = scene.about(scene.claim(Status.CANCELLED, session=scene.later), "session-cancelled")
    part = {
        "pk": 2,
        "kind": called_off.kind,
        "subject_id": str(called_off.subject_id),
        "facts": called_off.facts,
    }
    moved.pk, moved.facts = 1, moved.facts | {TOGETHER: [part]}
    return moved


def hosted(scene: Scene, kind: str) -> Message:
    facts = notifications.facts_about(scene.session) | {"invite": INVITE}
    if kind == "host-changed":
        facts |= {"change": "session-moved", "was": was_earlier(scene)}
    return scene.message(kind, scene.session.key, **facts)


def umbrella(scene: Scene, kind: str) -> Message:
    conference = make_event(
        key=key(62),
        slug="demo-conference",
        kind=EventKind.CONFERENCE,
        seat_scope=SeatScope.ROUND,
        title_en="Demo conference",
        title_nl="Democongres",
    )
    start = NOW.replace(hour=23) + 9 * A_DAY  # midnight in Amsterdam
    days = {"starts_at": start.isoformat(), "ends_at": (start + 2 * A_DAY).isoformat(), "timezone": "Europe/Amsterdam"}
    return scene.message(kind, conference.key, **days, invite=INVITE)


def coordinators(scene: Scene, kind: str) -> Message:
    ann, ben, cas = (make_person(name=f"Demo {name}") for name in ("Ann", "Ben", "Cas"))
    change = CoordinatorChange.objects.create(
        key=key(82),
        event=scene.event,
        state="DONE",
        reason="Demo Ben works elsewhere now.",
        proposed_by=ann,
        proposed_at=NOW,
        decided_by=ann,
    )
    change.before.set([ann, ben])
    change.after.set([ann, cas])
    return scene.message(kind, change.key)


def about_an_address(scene: Scene, kind: str) -> Message:
    pending = PendingAddress.objects.create(
        key=key(83),
        person=scene.person,
        purpose=AddressPurpose.DISCREET if kind.startswith("private") else AddressPurpose.ACCOUNT,
        address=scene.person.email,
        asked_at=NOW,
    )
    return scene.message(kind, pending.key)


def forwarded(scene: Scene, kind: str) -> Message:
    mail = InboundMail.objects.create(digest="demo", raw=RAW, received_at=NOW)
    return scene.message(kind, None, inbound=mail.pk)


def sign_in_code(scene: Scene, kind: str) -> Message:
    return scene.message(kind, None, code="ABC-DEF")


SEAT, WAITING, ENDED = in_state(Status.CONFIRMED), in_state(Status.WAITLISTED), in_state(Status.CANCELLED)
DECLINED = in_state(Status.CONFIRMED, comment="I have another meeting.", release_at=EXPIRES_AT.isoformat())
EXAMPLES: dict[str, Example] = {
    "sign-in-code": sign_in_code,
    "registration-confirmed": with_calendar,
    "registration-promoted": with_calendar,
    "registration-swapped": swapped,
    "registration-cancelled": out_of_calendar,
    "door-mistake": door_mistake,
    "registration-waitlisted": WAITING,
    "registration-offered": in_state(Status.OFFERED),
    "offer-changed": in_state(Status.OFFERED),
    "offer-expired": ENDED,
    "seat-open": WAITING,
    "registration-requested": in_state(Status.REQUESTED),
    "request-declined": in_state(Status.CANCELLED, reason="This date is for new colleagues."),
    "colleague-invited": asked_along,
    "invitation-withdrawn": in_state(Status.CANCELLED, inviter="Demo Ann"),
    "colleague-comes-already": in_state(Status.CONFIRMED, inviter="Demo Ann"),
    "appointment-left": with_calendar,
    "appointment-here": with_calendar,
    "session-moved": changed(was_earlier),
    "session-relocated": changed(was_elsewhere),
    "link-changed": link_changed,
    "texts-changed": with_calendar,
    "session-cancelled": out_of_calendar,
    "session-reinstated": with_calendar,
    "reminder": SEAT,
    "reminders": two_on_one_day,
    "still-coming": SEAT,
    "reply-declined": DECLINED,
    "reply-released": in_state(Status.CANCELLED, comment="I have another meeting."),
    "reply-stale": DECLINED,
    "reply-ask": DECLINED,
    "reply-unverified": SEAT,
    "reply-foreign": SEAT,
    "reply-noted": in_state(Status.CONFIRMED, answer="TENTATIVE"),
    "reply-counter": SEAT,
    "reply-too-late": out_of_calendar,
    "reply-renewed": with_calendar,
    "reply-forwarded": forwarded,
    "reply-delegated": forwarded,
    "seats-confirmed": several_seats,
    "dates-announced": dates_announced,
    "access-granted": personal_link,
    "notice": notice,
    "together": together,
    **dict.fromkeys(("host-invited", "host-changed", "host-cancelled", "host-released"), hosted),
    **dict.fromkeys(("umbrella-here", "umbrella-changed", "umbrella-left", "umbrella-declined"), umbrella),
    **dict.fromkeys(("coordinators-proposed", "coordinators-changed", "coordinators-withdrawn"), coordinators),
    **dict.fromkeys(("address-confirm", "private-address-confirm", "address-taken"), about_an_address),
    **dict.fromkeys(("address-changed", "address-confirmed"), about_an_address),
}
# What else a kind says, by kind and a word for the case.
VARIANTS: dict[tuple[str, str], Example] = {
    ("registration-confirmed", "online"): online,
    ("registration-confirmed", "brief"): brief,
    ("registration-confirmed", "clash"): at_the_same_time_as_another,
    ("registration-confirmed", "no-calendar"): SEAT,
    ("registration-waitlisted", "several-dates"): waiting_for_several,
    ("registration-waitlisted", "any-date"): waiting_for_any,
    ("registration-offered", "swap"): instead_of_a_seat(Status.OFFERED),
    ("offer-expired", "swap"): instead_of_a_seat(Status.CANCELLED),
    ("seat-open", "swap"): instead_of_a_seat(Status.WAITLISTED),
    ("colleague-invited", "stranger"): to_a_stranger,
    ("session-moved", "offer"): changed(was_earlier, Status.OFFERED),
    ("session-moved", "offer-lost"): changed(was_earlier, Status.CANCELLED, has_lost_offer=True),
    ("session-moved", "offer-lost-waiting"): changed(was_earlier, Status.WAITLISTED, has_lost_offer=True),
    ("session-relocated", "link-gone"): changed(was_online),
    ("session-reinstated", "waiting"): WAITING,
    ("session-reinstated", "requested"): in_state(Status.REQUESTED),
}
# Of the rest a discreet event has none, or they say the same about every event.
DISCREET = [
    *(kind for kind in EXAMPLES if kind.split("-")[0] in {"registration", "session", "reply", "colleague", "offer"}),
    "invitation-withdrawn",
    *("door-mistake", "seat-open", "request-declined", "appointment-left", "appointment-here", "link-changed"),
    *("texts-changed", "reminder", "reminders", "still-coming", "seats-confirmed", "dates-announced"),
    *("access-granted", "notice", "together"),
]
for plain in ("reply-forwarded", "reply-delegated"):
    DISCREET.remove(plain)
