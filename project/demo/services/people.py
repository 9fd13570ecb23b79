from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from events.models import Event, Session
from project.accounts.enums import Audience, AudienceSource, RoleKind
from project.accounts.models import Role, Unit, User

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.utils.functional import _StrPromise

DOMAIN = "demo.example"
UNITS = ("abe", "as", "ceg", "eemcs", "ide", "lr", "me", "tpm", "us")
# Of the people of a faculty, in turn; in `us` everybody but managers is staff.
AUDIENCES = (
    *(Audience.STUDENT, Audience.STAFF, Audience.PHD, Audience.STUDENT, Audience.STAFF),
    *(Audience.MANAGER, Audience.STUDENT, Audience.STAFF, Audience.PHD, Audience.MANAGER),
)
# The share of each unit that the programme has not reached yet.
NEWCOMERS = {"abe": 0.15, "as": 0.3, "ceg": 0.4, "eemcs": 0.2, "ide": 0.5, "lr": 0.3, "me": 0.1, "tpm": 0.4, "us": 0.25}
HOSTED_EVENTS = ("mindlab", "active-bystander")
DATES_HOSTED = 3


@dataclass(frozen=True)
class DemoPerson:
    """A person that visitors of `/demo/` can sign in as. The names are visibly invented."""

    mailbox: str
    name: str
    does: _StrPromise
    unit: str = "us"
    audience: Audience = Audience.STAFF
    role: RoleKind | None = None
    role_unit: str = ""

    @property
    def address(self) -> str:
        return f"{self.mailbox}@{DOMAIN}"


PEOPLE = (
    DemoPerson("student", "Demo Student", _("studies, and looks for a seat"), "eemcs", Audience.STUDENT),
    DemoPerson("staff", "Demo Colleague", _("works in a faculty"), "me"),
    DemoPerson("phd", "Demo PhD Candidate", _("does research, and waits for a seat"), "as", Audience.PHD),
    DemoPerson("manager", "Demo Manager", _("leads a group"), "ceg", Audience.MANAGER),
    DemoPerson("organiser", "Demo Organiser", _("organises for everybody"), role=RoleKind.ORGANIZER),
    DemoPerson(
        "organiser-me",
        "Demo Organiser ME",
        _("organises for one faculty"),
        "me",
        role=RoleKind.ORGANIZER,
        role_unit="me",
    ),
    DemoPerson("host", "Demo Host", _("leads conversations and sees those sessions"), role=RoleKind.HOST),
    DemoPerson("door", "Demo Door", _("checks people in today"), role=RoleKind.DOOR),
    DemoPerson("board", "Demo Board Member", _("reads the figures"), "us", Audience.MANAGER, RoleKind.BOARD),
    DemoPerson("coordinator", "Demo Coordinator", _("coordinates the programme"), role=RoleKind.COORDINATOR),
    DemoPerson("coordinator-2", "Demo Coordinator Two", _("coordinates it too"), role=RoleKind.COORDINATOR),
    DemoPerson("admin", "Demo Administrator", _("gives roles"), role=RoleKind.ADMINISTRATOR),
)
STUDENT = PEOPLE[0]
HOST = next(person for person in PEOPLE if person.role == RoleKind.HOST)
HOST_LINES = (
    "Teaches mechanics, and has led conversations since the first series.",
    "Geeft les in mechanica en begeleidt gesprekken sinds de eerste reeks.",
)


def when_it_began() -> datetime | None:
    """Returns the moment around which the demo was loaded, or None if it never was."""
    return User.objects.filter(email=STUDENT.address).values_list("joined_at", flat=True).first()


def is_complete() -> bool:
    """Returns whether the demo was loaded completely: the administrator's role is given last."""
    return Role.objects.filter(user__email=f"admin@{DOMAIN}", kind=RoleKind.ADMINISTRATOR).exists()


def move_in(*, crowd: int, now: datetime) -> None:
    """Adds the people of contract.md ("The demo programme") who are missing. The units must exist."""
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=UNITS)}
    known = set(User.objects.filter(email__endswith=f"@{DOMAIN}").values_list("email", flat=True))
    wanted = [*_named(units, now), *_crowd(crowd, units, now)]
    User.objects.bulk_create([person for person in wanted if person.email not in known], batch_size=500)


def give_roles() -> None:
    """Gives all roles except the administrator's. Host and door get the next dates of two events, including today's."""
    for person in PEOPLE:
        if person.role in {RoleKind.HOST, RoleKind.DOOR}:
            for session in _hosted():
                _give(person, session_key=session.key)
        elif person.role and person.role != RoleKind.ADMINISTRATOR:
            _give(person, unit=Unit.objects.filter(code=person.role_unit).first())


def finish() -> None:
    for person in PEOPLE:
        if person.role == RoleKind.ADMINISTRATOR:
            _give(person)


def crowd() -> list[User]:
    """Returns the people of the demo other than the named ones (`PEOPLE`), in the order of their numbers."""
    named = [person.address for person in PEOPLE]
    everybody = User.objects.filter(email__endswith=f"@{DOMAIN}").exclude(email__in=named)
    return list(everybody.select_related("unit").order_by("email"))


def newcomers(seed: int) -> set[int]:
    chance = Random(f"{seed} newcomers")  # noqa: S311  # a reproducible crowd, no secret
    return {person.pk for person in crowd() if person.unit and chance.random() < NEWCOMERS.get(person.unit.code, 0)}


def _give(person: DemoPerson, *, unit: Unit | None = None, session_key: UUID | None = None) -> None:
    user = User.objects.get(email=person.address)
    Role.objects.get_or_create(user=user, kind=person.role, unit=unit, session_key=session_key)


def _hosted() -> list[Session]:
    began = when_it_began()
    events = Event.objects.filter(slug__in=HOSTED_EVENTS)
    return [
        session
        for event in events
        for session in Session.objects.filter(event=event, starts_at__gte=began).order_by("starts_at")[:DATES_HOSTED]
    ]


def _named(units: dict[str, Unit], now: datetime) -> list[User]:
    return [
        _user(person.address, person.name, units[person.unit], person.audience, language="en", joined_at=now)
        for person in PEOPLE
    ]


def _crowd(number: int, units: dict[str, Unit], now: datetime) -> list[User]:
    found = []
    for place in range(number):
        unit = units[UNITS[place % len(UNITS)]]
        audience = AUDIENCES[place // len(UNITS) % len(AUDIENCES)]
        if unit.code == "us" and audience in {Audience.STUDENT, Audience.PHD}:
            audience = Audience.STAFF
        address, name = f"person{place + 1:04}@{DOMAIN}", f"Demo Person {place + 1}"
        found.append(_user(address, name, unit, audience, language=("nl", "en")[place % 2], joined_at=now))
    return found


def _user(address: str, name: str, unit: Unit, audience: Audience, *, language: str, joined_at: datetime) -> User:
    """Makes an unsaved person. Managers are such by the university account; everybody else chose their audience
    themselves.
    """
    source = AudienceSource.CLAIM if audience == Audience.MANAGER else AudienceSource.SELF
    user = User(email=address, name=name, unit=unit, audience=audience, audience_source=source)
    user.language, user.joined_at = language, joined_at
    if address == HOST.address:
        user.is_named_as_host = True
        user.host_line_en, user.host_line_nl = HOST_LINES
    user.set_unusable_password()
    return user
