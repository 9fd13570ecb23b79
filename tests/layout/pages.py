"""An example of every page, with words in it that are longer than any line, as each kind of reader finds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.core.mail import EmailMultiAlternatives
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.text import slugify

from events.enums import InitiativeCategory
from events.models import Initiative
from feedback.rules.questionnaire import COMMENT
from project.accounts.enums import AddressPurpose, RoleKind
from project.dashboard.services.releases import release_month
from project.demo.services import mailbox
from project.outbox.adapters import EmlFileBackend
from project.outbox.services.delivery import deliver_due
from registrations.emails import links
from registrations.enums import Attendance, Status
from registrations.models import Registration
from registrations.services.attending import address_changes, booking, interest, swaps
from registrations.services.mailing import broadcasts
from registrations.services.mailing.broadcasts import Draft
from registrations.services.organizing import by_hand, personal_links
from tests.factories import NOW, give_role, make_event, make_organizer, make_person, make_session, make_unit, make_venue
from tests.feedback.surveys import ALL_AGREE, make_counted_session
from tests.registrations.support.collecting import move, relocate
from tests.registrations.support.seats.offered import make_conference, take

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.models import Event, Session
    from project.accounts.models import User

LONG_WORD = ("Meervoudigepersoonlijkheidsvoorlichtingsbijeenkomst" * 3)[:120]
LONG_ADDRESS = f"{'l' * 60}@{'d' * 60}.demo.example"
LONG_LINK = f"https://example.org/{'path' * 40}"
TEXT = f"{LONG_WORD}\n\nSee {LONG_LINK} and write to {LONG_ADDRESS}.\n\n- {LONG_WORD}\n"
# They change something and show nothing: their answer leads to another page.
DEEDS = {
    *("only_for_me", "wait", "interest", "choose", "sign_up", "wait_for_date", "colleague"),
    *("my_calendar_new_link", "change_address"),
    *(
        "host_profile",
        "private_address",
        "cancel",
        "undo",
        "swap",
        "undo_swap",
        "accept",
        "decline",
        "withdraw_invitation",
        "organize_publish",
    ),
    *("organize_coordinators_confirm", "organize_coordinators_withdraw", "organize_words_reset"),
    *("organize_send_again", "organize_access_revoke", "organize_approve"),
    *("door_check_in", "door_take_back", "door_walk_in", "door_finish"),
}
NO_PAGES = {
    *(f"registrations:{name}" for name in DEEDS),
    *("language", "mail_language", "demo:sign_in", "registrations:this_month"),
    # files, and answers for machines
    *("registrations:session_file", "registrations:feed_events", "registrations:feed_news", "registrations:feed_kind"),
    *("registrations:feed_mine", "registrations:feed_unit", "events:initiatives_csv", "operations:live"),
    *("events:initiatives_json", "events:picture", "events:sharing_picture"),
    *("operations:ready", "operations:robots", "dashboard:figures", "dashboard:figures_workbook"),
    *("registrations:organize_participants", "registrations:organize_participants_workbook"),
}


@dataclass(frozen=True)
class Visit:
    name: str
    who: str
    path: str
    posted: dict[str, Any] | None = None
    status: int = 200
    first: tuple[str, dict[str, Any]] | None = None  # what is posted before, and where


def names_of_all_addresses() -> set[str]:
    """Without those of the API, which is for machines but for its documentation."""
    found = set(_names(get_resolver(), ""))
    return {name for name in found if not name.startswith("api:")} | {"api:docs"}


def _names(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}"
        else:
            yield from _names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)


class World:
    """One of everything, all of it with a word too long for a line."""

    def __init__(self) -> None:
        self.unit = make_unit("me", name_en=LONG_WORD, name_nl=LONG_WORD)
        self.venue = make_venue(
            name=LONG_WORD, room=LONG_WORD, address=LONG_WORD, directions_en=TEXT, accessibility_en=TEXT
        )
        self.people = self._people()
        self.event = self._event(slug=slugify(LONG_WORD)[:50])
        self.session = self._session(self.event, capacity=1)
        self.other = self._session(self.event, starts_at=NOW + timedelta(days=12))
        self.hidden = self._session(self.event, starts_at=NOW + timedelta(days=13), is_unlisted=True)
        self.discreet = self._event(slug="k7q2m9x4", is_discreet=True)
        self.discreet.coordinators.set([self.people["coordinator"], give_role(_person(), RoleKind.COORDINATOR)])
        self.discreet_session = self._session(self.discreet, starts_at=NOW + timedelta(days=15))
        for work in (RoleKind.HOST, RoleKind.DOOR):
            give_role(self.people["door"], work, session=self.session)
        self._claims()
        self._said()
        self._rest()
        self._collected()

    def _people(self) -> dict[str, User]:
        known = {"participant": _person(email=LONG_ADDRESS), "organiser": make_organizer(unit=self.unit)}
        kinds = {"coordinator": RoleKind.COORDINATOR, "board": RoleKind.BOARD, "administrator": RoleKind.ADMINISTRATOR}
        known |= {name: give_role(_person(), kind) for name, kind in kinds.items()}
        return known | {"door": _person(is_named_as_host=True, host_line_en=LONG_WORD, host_line_nl=LONG_WORD)}

    def _event(self, **overrides: Any) -> Event:
        names = ("summary", "description", "content_note", "bring", "aftercare", "questions")
        texts = {f"{name}_{language}": TEXT[:300] for name in names for language in ("en", "nl")}
        titles = {"title_en": LONG_WORD, "title_nl": LONG_WORD}
        return make_event(**(texts | titles | {"owner": self.unit} | overrides))

    def _session(self, event: Event, **overrides: Any) -> Session:
        return make_session(event=event, **({"venue": self.venue, "title_en": LONG_WORD} | overrides))

    def _claims(self) -> None:
        def sign_up(session: Session, person: User) -> Registration:
            return booking.sign_up(session_key=session.key, attendee=person, now=NOW)

        me = self.people["participant"]
        self.seat = sign_up(self.session, me)
        self.waiting = sign_up(self.session, _person())
        asking = self._event(slug="approval", needs_approval=True)
        self.request = sign_up(self._session(asking, starts_at=NOW + timedelta(days=16)), _person())
        third = self._session(self._event(slug="offers"), starts_at=NOW + timedelta(days=17), capacity=1)
        sign_up(third, _person())
        self.offer = sign_up(third, me)
        Registration.objects.filter(pk=self.offer.pk).update(
            status=Status.OFFERED, offer_expires_at=NOW + timedelta(days=2)
        )
        sign_up(self.discreet_session, me)
        held = self._session(self._event(slug="held"), starts_at=NOW - timedelta(days=5), status="HELD")
        self.past = Registration.objects.create(
            session=held, attendee=me, slot=held.slot, status=Status.CONFIRMED, attendance=Attendance.PRESENT,
            created_at=NOW - timedelta(days=9), confirmed_at=NOW - timedelta(days=9),
        )  # fmt: skip

    def _rest(self) -> None:
        for category in InitiativeCategory:
            Initiative.objects.create(
                slug=slugify(category),
                category=category,
                title_en=LONG_WORD,
                title_nl=LONG_WORD,
                summary_en=TEXT,
                summary_nl=TEXT,
                unit=self.unit,
            )
        interest.register_interest(event_key=self.event.key, person=self.people["participant"], now=NOW)
        organizer, me = self.people["organiser"], self.people["participant"]
        [self.link] = personal_links.grant(
            session_key=self.hidden.key, addresses=[LONG_ADDRESS], actor=organizer, now=NOW
        )
        self.pending = address_changes.request_change(
            person=me, purpose=AddressPurpose.DISCREET, address=f"p{LONG_ADDRESS}"[:64], now=NOW
        )
        release_month(month=date(2026, 1, 1), now=NOW)
        letter = EmailMultiAlternatives(LONG_WORD, TEXT, "a@demo.example", [LONG_ADDRESS])
        example = broadcasts.preview_mails(session=self.session, draft=Draft(**self.message))["en"]
        letter.attach_alternative(example.letter.html, "text/html")
        EmlFileBackend().send_messages([letter])
        self.mail = mailbox.latest()[0].name

    def _said(self) -> None:
        """What organisers and participants wrote to each other, and what became of a seat."""
        organizer, me = self.people["organiser"], self.people["participant"]
        by_hand.prioritize(registration_key=self.waiting.key, priority=1, actor=organizer, reason=TEXT[:300], now=NOW)
        self.message: dict[str, Any] = {"statuses": [Status.CONFIRMED], "subject_en": LONG_WORD, "body_en": TEXT}
        broadcasts.send_notice(
            notice_key=uuid4(), session_key=self.session.key, draft=Draft(**self.message), actor=organizer, now=NOW
        )
        dates = self._event(slug="swapped")
        one, two = (self._session(dates, starts_at=NOW + timedelta(days=days)) for days in (18, 19))
        seat = booking.sign_up(session_key=one.key, attendee=me, now=NOW)
        self.swapped = swaps.swap(registration_key=seat.key, session_key=two.key, attendee=me, now=NOW)
        answers = [ALL_AGREE | {COMMENT.key: TEXT[:300]}] * 10
        self.surveyed = make_counted_session(answers, event=self._event(slug="surveyed"), venue=self.venue)

    def _collected(self) -> None:
        self.conference, _, sessions = make_conference(title_nl=LONG_WORD)
        take(sessions[0], self.people["participant"])
        deliver_due(now=NOW)
        relocate(sessions[0], venue=self.venue)
        move(sessions[0], timedelta(minutes=15))


def _person(**overrides: Any) -> User:
    return make_person(name=LONG_WORD, **overrides)


def visits(world: World) -> list[Visit]:
    return [
        *_of_visitors(world),
        *_of_participants(world),
        *_of_organizers(world),
        *_at_the_door(world),
        *_of_the_board(),
    ]


def _of_visitors(w: World) -> Iterator[Visit]:
    def seen(name: str, *args: object, more: str = "", **said: Any) -> Visit:
        return Visit(name, "", reverse(name, args=args) + more, **said)

    yield seen("registrations:catalogue")
    yield seen("registrations:catalogue", more=f"?q={LONG_WORD}")
    yield seen("registrations:catalogue", more=f"?q=nothing{LONG_WORD}")
    yield seen("registrations:catalogue", more="?view=series")
    yield seen("registrations:catalogue", more=f"?q=harassment+{LONG_WORD}&from=2026-03-01&to=2026-03-01")
    start = w.session.local_start
    yield seen("registrations:month", f"{start:%Y}", f"{start:%m}")
    yield seen("registrations:event", w.event.slug)
    yield seen("registrations:event", w.discreet.slug)
    yield seen("registrations:session", w.session.key)
    yield seen("registrations:feeds")
    yield seen("events:initiatives")
    yield seen("privacy")
    yield seen("accessibility")
    yield seen("account_login")
    yield seen("account_request_login_code")
    yield seen("account_login", posted={"email": LONG_WORD})
    yield seen("account_inactive")
    yield seen("feedback:answer")
    yield seen("feedback:answer", posted={"code": LONG_WORD}, status=422)
    yield seen("feedback:thanks")
    yield seen("api:docs")
    yield seen("demo:home")
    yield seen("demo:mail", w.mail)
    yield seen("demo:mail_html", w.mail)
    for name, link in {
        "access_link": links.access_link(w.link),
        "cancel_link": links.cancel_link(w.seat),
        "keep_link": links.keep_link(w.seat),
        "still_coming": links.still_coming_link(w.seat),
        "offer_link": links.offer_link(w.offer),
        "interest_link": links.interest_link(w.event, w.people["participant"]),
    }.items():
        yield Visit(f"registrations:{name}", "", urlsplit(link).path)
    yield Visit("404", "", "/events/nothing-of-the-kind/", status=404)


def _of_participants(w: World) -> Iterator[Visit]:
    def seen(name: str, *args: object, **said: Any) -> Visit:
        return Visit(name, "participant", reverse(name, args=args), **said)

    yield seen("registrations:catalogue")
    yield Visit("registrations:catalogue", "participant", f"{reverse('registrations:catalogue')}?view=series")
    yield seen("registrations:event", w.event.slug)
    yield seen("registrations:event", w.discreet.slug)
    for session in (w.session, w.other, w.discreet_session):
        yield seen("registrations:session", session.key)
    for claim in (w.seat, w.offer, w.past, w.swapped):
        yield seen("registrations:my_registration", claim.key)
    for name in ("my_sessions", "my_calendar", "preferences", "welcome"):
        yield seen(f"registrations:{name}")
    yield seen("account_logout")
    yield Visit("registrations:confirm_address", "participant", urlsplit(links.address_link(w.pending)).path)
    yield seen("registrations:organize_home", status=403)


def _of_organizers(w: World) -> Iterator[Visit]:
    def seen(name: str, *args: object, who: str = "organiser", more: str = "", **said: Any) -> Visit:
        name = f"registrations:{name}"
        return Visit(name, who, reverse(name, args=args) + more, **said)

    for who in ("organiser", "coordinator"):
        yield seen("organize_home", who=who)
        yield seen("organize_session", w.session.key, who=who)
        yield seen("organize_event", w.event.slug, who=who)
    yield seen("organize_event_new")
    yield seen("organize_event_new", posted={"title_en": LONG_WORD}, status=422)
    for name in ("organize_event_edit", "organize_mails", "organize_session_new"):
        yield seen(name, w.event.slug)
    for name in ("organize_event", "organize_collected"):
        yield seen(name, w.conference.slug)
    yield seen("organize_words", w.event.slug, "registration-confirmed")
    yield seen("organize_words_shown", w.event.slug, "registration-confirmed", "en")
    for name in ("capacity", "move", "place", "cancel", "reinstate", "message", "sent_mails", "hold", "access"):
        yield seen(f"organize_{name}", w.session.key)
    yield seen("organize_access", w.hidden.key)
    yield seen("organize_capacity", w.session.key, posted={"capacity": "3"})
    yield seen("organize_cancel", w.session.key, posted={})
    yield seen("organize_message", w.session.key, posted=w.message)
    message = (reverse("registrations:organize_message", args=[w.session.key]), w.message)
    yield seen("organize_message_shown", w.session.key, "en", more="?draft=1", first=message)
    yield seen("organize_turn_down", w.request.key)
    yield seen("organize_seat", w.waiting.key)
    yield seen("organize_priority", w.waiting.key)
    yield seen("organize_session", w.discreet_session.key)
    yield seen("organize_session", w.request.session.key)
    yield seen("organize_coordinators", w.discreet.slug, who="coordinator")
    yield seen("organize_session", w.discreet_session.key, who="coordinator")
    yield seen("organize_turn_down", w.request.key, posted={"reason": TEXT * 20}, status=422)
    for session in (w.past.session, w.surveyed):
        yield Visit("feedback:results", "organiser", reverse("feedback:results", args=[session.key]))


def _at_the_door(w: World) -> Iterator[Visit]:
    door = reverse("registrations:door", args=[w.session.key])
    yield Visit("registrations:door", "door", door)
    yield Visit("registrations:door", "door", f"{door}?list=1")
    yield Visit("registrations:door", "door", door, posted={"q": LONG_WORD[:40]})
    yield Visit("registrations:door", "door", door, posted={"q": f"n{LONG_WORD}"})
    yield Visit("registrations:my_sessions", "door", reverse("registrations:my_sessions"))


def _of_the_board() -> Iterator[Visit]:
    for who in ("board", "coordinator"):
        yield Visit("dashboard:overview", who, reverse("dashboard:overview"))
    yield Visit("dashboard:definitions", "board", reverse("dashboard:definitions"))
    yield Visit("dashboard:month", "board", reverse("dashboard:month", args=[date(2026, 1, 1)]))
