"""What visitors asked for before they signed in: kept in their browser's session, and done right after signing in
(product S1).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Event, Session
from registrations.querysets import visible_to
from registrations.services.attending import booking, conference, interest, wishes
from registrations.services.pages.standings import group_matters
from registrations.services.refusals import REFUSALS, UnableToRegister

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.http import HttpRequest

    from events.querysets import SessionQuerySet
    from project.accounts.models import User
    from registrations.services.attending.conference import Outcome

SESSION_KEY = "pending_sign_up"
GOOD_FOR = timedelta(hours=1)  # people who sign in later than that do so for another reason
OF_A_SESSION = ("seat", "place")


@dataclass(frozen=True, kw_only=True)
class PendingSignUp:
    """`action`: a key of `ACTIONS`; `key`: of the session or event; `answers`: the form's data, as JSON."""

    action: str
    key: str
    at: str
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def is_of_session(self) -> bool:
        return self.action in OF_A_SESSION


def remember_sign_up(request: HttpRequest, action: str, key: UUID, **answers: Any) -> None:
    """Stores the one thing that somebody wanted while they sign in; nothing else about visitors is stored."""
    pending = PendingSignUp(action=action, key=str(key), at=timezone.now().isoformat(), answers=answers)
    request.session[SESSION_KEY] = asdict(pending)


def pending_about(request: HttpRequest, person: User | None) -> Session | Event | None:
    """Returns the session or event it is about; None if the person may not know of it."""
    pending = _pending_in(request)
    return _about(pending, person) if pending else None


def needs_group_first(request: HttpRequest, person: User) -> bool:
    """Returns whether what they asked for depends on a group that they have not told us yet."""
    pending = _pending_in(request)
    if pending is None or person.has_group:
        return False
    sessions = Session.objects.filter(key=pending.key) if pending.is_of_session else _dates_of(pending)
    return group_matters(sessions, person, timezone.now())


def _dates_of(pending: PendingSignUp) -> SessionQuerySet:
    return Session.objects.filter(event__key=pending.key)


def complete_sign_up(request: HttpRequest, person: User) -> str | None:
    """Does what they asked for and returns the page that shows the result; a refusal is shown there, too."""
    pending = _pending_in(request)
    request.session.pop(SESSION_KEY, None)
    about = _about(pending, person) if pending else None
    if pending is None or about is None:
        return None
    try:
        ACTIONS[pending.action](request, about, person, pending.answers)
    except UnableToRegister as refusal:
        messages.error(request, refusal.text)
    return about.get_absolute_url()


def _pending_in(request: HttpRequest) -> PendingSignUp | None:
    kept = request.session.get(SESSION_KEY)
    pending = PendingSignUp(**kept) if kept else None
    is_fresh = pending is not None and timezone.now() - datetime.fromisoformat(pending.at) <= GOOD_FOR
    return pending if is_fresh else None


def _about(pending: PendingSignUp, person: User | None) -> Session | Event | None:
    if not pending.is_of_session:
        return Event.objects.readable().filter(key=pending.key).first()
    sessions = Session.objects.readable().select_related("event", "venue").filter(key=pending.key)
    return visible_to(sessions, person, timezone.now()).first()


def _take_seat(_request: HttpRequest, session: Session | Event, person: User, _answers: dict[str, Any]) -> None:
    booking.sign_up(session_key=session.key, attendee=person, now=timezone.now())


def _take_place(_request: HttpRequest, session: Session | Event, person: User, _answers: dict[str, Any]) -> None:
    wishes.wait_for(session_key=session.key, attendee=person, now=timezone.now())


def ask_for_dates(request: HttpRequest, event: Session | Event, person: User, answers: dict[str, Any]) -> None:
    """Does what the waiting form asks for: the first free seat, any date, or exactly these dates. A form rendered
    before its reader signed in does not know what they have, so it only `adds`.
    """
    who: dict[str, Any] = {"event_key": event.key, "attendee": person, "now": timezone.now()}
    if answers["first"]:
        wishes.take_first_seat(**who, language=answers["language"])
        return
    if answers["any"]:
        wishes.wait_for_any(**who, language=answers["language"])
    elif answers["adds"]:
        _add_dates(request, [UUID(key) for key in answers["dates"]], person)
        return
    else:
        wishes.wait(**who, session_keys=[UUID(key) for key in answers["dates"]])
    waits = answers["any"] or answers["dates"]
    noted = _("Saved. Here are your dates, and where you stand on each.")
    messages.success(request, noted if waits else _("You are off the waiting list."))


def _add_dates(request: HttpRequest, dates: Sequence[UUID], person: User) -> None:
    """Adds to what the person already has. Raises `UnableToRegister` if none of the dates could be added."""
    refusals = []
    for date in dates:
        try:
            wishes.wait_for(session_key=date, attendee=person, now=timezone.now())
        except UnableToRegister as refusal:
            refusals.append(refusal)
    if refusals and len(refusals) == len(dates):
        raise refusals[0]
    for text in dict.fromkeys(refusal.text for refusal in refusals):
        messages.warning(request, text)
    if dates:
        messages.success(request, _("Saved. Here are your dates, and where you stand on each."))
    else:
        messages.info(request, _("Tick at least one date."))


def make_choices(request: HttpRequest, event: Session | Event, person: User, answers: dict[str, Any]) -> None:
    """One choice in each round of a conference; refusals are shown with the name of their round, everything else is
    visible on the page. A form that `adds`, because it was rendered before its reader signed in, gives nothing back.
    """
    kept = {round_: session for round_, session in answers["choices"].items() if session or not answers["adds"]}
    choices = {UUID(round_): UUID(session) if session else None for round_, session in kept.items()}
    outcomes = conference.choose(event_key=event.key, choices=choices, attendee=person, now=timezone.now())
    _show_outcomes(request, outcomes)


def _show_outcomes(request: HttpRequest, outcomes: Iterable[Outcome]) -> None:
    refused = [outcome for outcome in outcomes if outcome.refusal]
    for outcome in refused:
        spoken = {"round": outcome.round.title, "why": REFUSALS[outcome.refusal]}
        messages.warning(request, _("%(round)s: %(why)s Nothing has changed there.") % spoken)
    if not refused:
        messages.success(request, _("Your choices are saved."))


def tell_when_announced(request: HttpRequest, event: Session | Event, person: User, _answers: dict[str, Any]) -> None:
    if interest.register_interest(event_key=event.key, person=person, now=timezone.now()):
        messages.success(request, _("Done. We’ll send you one email when there are dates."))
    else:
        messages.info(request, _("There are dates now: here they are."))


ACTIONS: dict[str, Callable[[HttpRequest, Session | Event, User, dict[str, Any]], None]] = {
    "seat": _take_seat,
    "place": _take_place,
    "dates": ask_for_dates,
    "choices": make_choices,
    "interest": tell_when_announced,
}
