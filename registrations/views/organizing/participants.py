"""The people of a session, for its organiser: on the page and as a list to download."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.spreadsheets import CSV, XLSX, as_csv, as_xlsx
from registrations.enums import Answer, Status
from registrations.models import Registration, RegistrationLog
from registrations.views.permissions import log_names, organized_session, reads_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from django.http import HttpRequest

    from events.models import Session
    from registrations.querysets import RegistrationQuerySet


ANSWERS = {
    Answer.ACCEPTED: gettext_lazy("accepted in the calendar"),
    Answer.TENTATIVE: gettext_lazy("perhaps, says the calendar"),
    Answer.DECLINED: gettext_lazy("declined in the calendar"),
    Answer.DELEGATED: gettext_lazy("wants to send somebody else"),
}


def _spoken(answer: str) -> str:
    return str(ANSWERS[Answer(answer)]) if answer else ""


@dataclass(frozen=True)
class Participant:
    """One person's claim with what happened to it and which mails went out."""

    registration: Registration
    history: list[RegistrationLog]
    mails: list[Message]

    @property
    def answer(self) -> str:
        """What the person's calendar answered, in words for the screen."""
        said: str = getattr(self.registration, "calendar_answer", None) or ""
        return _spoken(said)

    @property
    def has_failed_mail(self) -> bool:
        """We gave up sending one, or one bounced."""
        return any(mail.status == MessageStatus.FAILED or mail.bounced_at for mail in self.mails)


@dataclass(frozen=True)
class People:
    """Everybody with a claim on a session, by state."""

    requests: list[Participant]
    seats: list[Participant]
    waiting: list[Participant]
    walk_ins: list[Participant]
    gone: list[Participant]

    @property
    def answers(self) -> list[tuple[str, int]]:
        """How many people with a seat gave which answer in their calendars; no answer means that they are coming
        (specs/calendar.md R37).
        """
        said = Counter(each.answer for each in self.seats)
        return [(str(words), said[str(words)]) for words in ANSWERS.values() if said[str(words)]]

    @property
    def names(self) -> int:
        return sum(len(group) for group in (self.requests, self.seats, self.waiting, self.walk_ins, self.gone))


def people_of(session: Session) -> People:
    """Returns everybody by state, in three queries: people who ask or wait in the order of the queue, everybody else by
    name.
    """
    in_turn = _with_history_and_mails(_claims(session).in_queue_order())
    in_turn.sort(key=_is_passed_over)
    by_name = sorted(in_turn, key=_name)
    return People(
        requests=[each for each in in_turn if each.registration.is_requested],
        seats=[each for each in by_name if each.registration.holds_a_seat],
        waiting=[each for each in in_turn if each.registration.is_waiting],
        walk_ins=[each for each in by_name if each.registration.is_confirmed and each.registration.is_walk_in],
        gone=[each for each in by_name if each.registration.is_cancelled],
    )


def failed_mails(session: Session) -> int:
    keys = Registration.objects.filter(session=session).values("key")
    failed = Q(status=MessageStatus.FAILED) | Q(bounced_at__isnull=False)
    return Message.objects.filter(failed, subject_id__in=keys).count()


def open_claims(session: Session) -> dict[str, int]:
    """Returns how many people have yet to answer an offer, and how many wait for an organiser's answer."""
    return Registration.objects.filter(session=session).aggregate(
        offers=Count("pk", filter=Q(status=Status.OFFERED)),
        requests=Count("pk", filter=Q(status=Status.REQUESTED, attendee__is_active=True)),
    )


@login_required
@never_cache
@require_safe
def participants(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who has a seat and who waits, for a spreadsheet. There is no such list of a discreet session (specs/privacy.md
    3).
    """
    session = organized_session(request, key)
    rows = _table(request, session)
    return HttpResponse(as_csv(rows), content_type=CSV, headers=_named(session, "csv"))


@login_required
@never_cache
@require_safe
def workbook(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same list as XLSX."""
    session = organized_session(request, key)
    rows = _table(request, session)
    return HttpResponse(as_xlsx(rows), content_type=XLSX, headers=_named(session, "xlsx"))


def _table(request: HttpRequest, session: Session) -> list[Sequence[object]]:
    """Raises 404 if there is no such list. Logs that names were read."""
    if session.event.is_discreet or not reads_names(request, session):
        raise Http404
    claims = sorted(_claims(session).active().with_place(timezone.now()), key=_line)
    log_names(request, session, names=len(claims), where="export")
    return [_heading(), *(_row(claim) for claim in claims)]


def _named(session: Session, ending: str) -> dict[str, str]:
    name = f"participants-{session.local_start:%Y-%m-%d-%H%M}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _claims(session: Session) -> RegistrationQuerySet:
    return Registration.objects.filter(session=session).select_related("attendee__unit").with_answer()


def _with_history_and_mails(registrations: Iterable[Registration]) -> list[Participant]:
    claims = list(registrations)
    history = defaultdict(list)
    for entry in RegistrationLog.objects.filter(registration__in=claims).select_related("actor"):
        history[entry.registration_id].append(entry)
    mails = defaultdict(list)
    written = Message.objects.filter(subject_id__in=[claim.key for claim in claims]).order_by("pk")
    for mail in written.only("subject_id", "kind", "status", "created_at", "sent_at", "bounced_at"):
        mails[mail.subject_id].append(mail)
    return [Participant(claim, history[claim.pk], mails[claim.key]) for claim in claims]


def _is_passed_over(participant: Participant) -> bool:
    """People whose account is deactivated keep their place, but get no seat."""
    return not participant.registration.attendee.is_active


def _name(participant: Participant) -> tuple[str, str, int]:
    claim = participant.registration
    return (claim.attendee.name.casefold(), claim.attendee.email, claim.pk)


def _line(claim: Any) -> tuple[Any, ...]:
    """Seats by name, then people who wait in the order of the queue; `claim` must have its place."""
    return (claim.status, claim.place or 0, claim.attendee.name.casefold(), claim.pk)


def _heading() -> list[str]:
    return [
        _("Name"),
        _("Email address"),
        _("Unit"),
        _("Audience"),
        _("State"),
        _("Place in the waiting list"),
        _("How"),
        _("Since (Amsterdam time)"),
        _("Attendance"),
        _("Answer in the calendar"),
    ]


def _row(claim: Any) -> list[object]:
    """`claim` must have its place in the queue and its answer in the calendar."""
    person = claim.attendee
    return [
        person.name,
        person.email,
        person.unit.code if person.unit else "",
        person.get_audience_display(),
        claim.get_status_display(),
        claim.place or "",
        claim.get_source_display(),
        claim.created_at,
        claim.get_attendance_display(),
        _spoken(claim.calendar_answer or ""),
    ]
