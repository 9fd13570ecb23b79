"""What a person asks for: dates to wait for, another date, a choice in each round, a colleague."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict

from registrations.schemas.claims import RegistrationFacts, RegistrationList

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registrations.models import Registration
    from registrations.services.attending.conference import Outcome

MAX_DATES = 200
LONGEST_ADDRESS = 254
# What the site's forms accept, as one pattern that programs can read in the reference.
ADDRESS = (
    r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,30}(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,30}){0,3}"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,5}[A-Za-z]{2,20}$"
)


class Wish(Schema):
    """A body with a word that nobody knows is refused, so that a slip does not pass for a wish."""

    model_config = ConfigDict(extra="forbid")


class SomeDates(Wish):
    """One date, several, or none, which leaves the list."""

    sessions: list[UUID] = Field(max_length=MAX_DATES, description="The `id` of each date you want.")


def _true_itself(value: object) -> object:
    """In Python, 1 equals True; in JSON it does not."""
    return value if isinstance(value, bool) else None


class AnyDate(Wish):
    """Whatever date comes free first, dates that are added later included."""

    any: Annotated[Literal[True], BeforeValidator(_true_itself)] = Field(description="Always true.")
    language: Literal["en", "nl"] | None = Field(None, description="Only dates that are (also) in it; null for either.")


class FirstSeat(Wish):
    """The first free seat, the earliest if there are several; with none free, as `any`."""

    first: Annotated[Literal[True], BeforeValidator(_true_itself)] = Field(description="Always true.")
    language: Literal["en", "nl"] | None = Field(None, description="Only dates that are (also) in it; null for either.")


class OtherDate(Wish):
    """Where a seat is to be moved to."""

    session: UUID = Field(description="The `id` of the other date.")


class Choices(Wish):
    """One choice in each round."""

    choices: dict[UUID, UUID | None] = Field(
        max_length=MAX_DATES,
        description="By the `id` of a round, the `id` of the session chosen there, or null for none, which gives "
        "back what there was. A round that is not named stays as it is.",
    )


class Chosen(Schema):
    """What became of the choice in one round."""

    round: UUID = Field(description="The `id` of the round.")
    registration: RegistrationFacts | None = Field(
        description="What you now have in this round, a refused choice or not."
    )
    refusal: str | None = Field(description="The code of the refusal; null when the choice was carried out.")


class ChosenList(Schema):
    items: list[Chosen] = Field(
        description="By the number of the round; a round of which the event has none comes last, as `another-slot`."
    )
    count: int = Field(description="How many rounds were named.")

    @classmethod
    def of(cls, wish: Choices, outcomes: Iterable[Outcome], said: RegistrationList) -> ChosenList:
        facts = {one.id: one for one in said.items}
        items = [
            Chosen(
                round=outcome.round.key,
                registration=facts[outcome.registration.key] if outcome.registration else None,
                refusal=outcome.refusal or None,
            )
            for outcome in outcomes
        ]
        unknown = wish.choices.keys() - {one.round for one in items}
        items += [Chosen(round=key, registration=None, refusal="another-slot") for key in sorted(unknown)]
        return cls(items=items, count=len(items))


class Colleague(Wish):
    """The colleague to invite."""

    address: str = Field(max_length=LONGEST_ADDRESS, pattern=ADDRESS, description="Their email address.")


class Asked(Schema):
    """Nothing of it tells whether the colleague has a seat, or an account."""

    answer_within_hours: int = Field(description="How many working hours (Mon-Fri 8-20) a colleague has to answer.")
    answer_until: datetime = Field(description="Until when they can answer, and a seat is held for them.")


class Invitation(Schema):
    """A colleague who has not answered yet."""

    id: UUID = Field(description="To withdraw it.")
    session: UUID = Field(description="The session to which they are invited.")
    address: str = Field(description="The address that was typed.")
    answer_until: datetime | None = Field(description="Until when they can answer, and a seat is held for them.")

    @classmethod
    def of(cls, invitation: Registration) -> Invitation:
        return cls(
            id=invitation.key,
            session=invitation.session.key,
            address=invitation.invited_address,
            answer_until=invitation.offer_expires_at,
        )


class InvitationList(Schema):
    """Open invitations, the first deadline first."""

    items: list[Invitation]
    count: int
