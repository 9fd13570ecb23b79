from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from project.accounts.models import User

REFUSALS: dict[str, _StrPromise] = {
    "signed-out": _("Sign in first."),
    "not-published": _("This session is not open to sign up for."),
    "cancelled": _("This session was cancelled."),
    "started": _("This session has started, so signing up has closed."),
    "not-open-yet": _("Signing up has not opened yet."),
    "closed": _("Signing up is closed."),
    "not-introduced": _("Seats here depend on your group. Tell us who you are first; we ask it once."),
    "not-eligible": _("This session is for another group. Another date or event may be for you."),
    "prerequisite-missing": _("You need to attend another event first; its page is linked here."),
    "slot-taken": _("You already have a seat on another date. Move it here, or give it back first."),
    "attended": _("You have been to this. Seats go to people who have not."),
    "full-no-waitlist": _("This session is full and keeps no waiting list."),
    "expired": _("It is too late for that. You can sign up again, or wait for a seat."),
    "another-slot": _("That date belongs to something else. Choose one of the dates on this page."),
    "no-seat-yourself": _("Take a seat yourself first; then you can invite a colleague."),
    "yourself": _("That is you: you have a seat. Enter the address of a colleague."),
    "someone-waits": _("People are waiting for this date, so its seats go to them first."),
    "too-late": _("It is too close to the start to invite somebody: they would have no time to answer."),
    "too-many": _("You can have three invitations open. Those you withdraw count for another day."),
    "invitation-over": _("This invitation is over: it was answered, or the time to answer has passed."),
    "discreet": _("Everybody signs up for this session individually, so that nobody knows who is coming."),
    "organisers-choose": _("The organisers decide who comes here, so you cannot invite anybody."),
    "seat-free": _("A seat is free on a date you chose. Take that one, or choose other dates to wait for."),
    "no-such-language": _(
        "No date you could come to is in that language. Choose either language, or wait for new dates."
    ),
    "seat-gone": _("No seat is free on your old date any more, so you keep the one you have."),
    "full": _("Every seat is taken."),
}


class UnableToRegister(Exception):
    """Refuses what a person wants to do with a registration. `code` is stable (contract.md, "Refusals"); the text may
    be shown.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)

    @property
    def text(self) -> str:
        return str(REFUSALS[self.code])


def refuse_unless_active(person: User) -> None:
    """Refuses people whose account is deactivated, even when a link in a mail would act for them.

    Raises `UnableToRegister("signed-out")`.
    """
    if not person.is_active:
        raise UnableToRegister("signed-out")
