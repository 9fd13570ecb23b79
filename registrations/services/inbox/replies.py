"""Answers from calendars: who gave them, whether they are about what holds now, and what they change (specs/calendar.md
5.3, 5.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from project.outbox.models import Message
from registrations.enums import Answer, InviteState, Verdict
from registrations.models import InboundMail, Invite, Registration
from registrations.rules.addresses import same_address
from registrations.rules.inbox.senders import Sender, judge
from registrations.services.attending import address_changes, declines
from registrations.services.calendar import conference_days, invites, shown
from registrations.services.calendar.shown import Shown
from registrations.services.inbox import forwarding

if TYPE_CHECKING:
    from registrations.rules.inbox.incoming import Incoming
    from registrations.rules.inbox.itip import CalendarObject, Entry

ASK_PAUSE = timedelta(days=1)
REFRESH_PAUSE = timedelta(hours=1)
STAYS = (Answer.ACCEPTED, Answer.TENTATIVE)


@dataclass(frozen=True)
class Outcome:
    """`reason` is a code, never text from the sender."""

    verdict: Verdict
    reason: str
    invite: Invite | None = None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One entry of a mail with the invitation it answers, under the lock of its event."""

    mail: InboundMail
    incoming: Incoming
    invite: Invite
    entry: Entry
    answer: str
    shown: Shown
    is_by_another_name: bool  # by another address of the same person
    now: datetime

    @property
    def registration(self) -> Registration | None:
        return self.invite.registration

    @property
    def sequence(self) -> int:
        """Some programs raise it, so it is never higher than what the calendar shows (specs/calendar.md 5.1, 5.4.5)."""
        return min(self.entry.sequence, self.shown.sequence)

    @property
    def stamped_at(self) -> datetime:
        """A clock that is ahead would make later answers look old, so it is at most the moment of arrival."""
        return min(self.entry.stamped_at or self.now, self.now)

    @property
    def is_newer(self) -> bool:
        """Returns whether it is newer than the newest answer so far: neither overtaken nor a duplicate (5.4.5). If a
        program raised SEQUENCE, only the stamp decides.
        """
        last, stamp = self.invite.answered_sequence, self.invite.answered_stamp
        if last is None or stamp is None:
            return True
        if self._was_read_before:
            return False
        is_raised = self.entry.sequence > self.shown.sequence
        mine, newest = (last if is_raised else self.sequence, self.stamped_at), (last, stamp)
        return mine > newest or (mine == newest and self._says_something_else_later)

    @property
    def _says_something_else_later(self) -> bool:
        """Two clicks within one second have the same stamp: the answer that came in last is what the person wants."""
        came_before = self.invite.answered_by_id or 0
        return self.answer != self.invite.answered_with and came_before < self.mail.pk

    @property
    def _was_read_before(self) -> bool:
        """Returns whether the mail was delivered again, by another route or by a server that lost count: the bytes
        differ, but the Message-ID is the same.
        """
        name = self.incoming.message_id
        same = InboundMail.objects.filter(message_id=name, invite=self.invite).exclude(pk=self.mail.pk)
        return bool(name) and same.exists()

    @property
    def is_stale(self) -> bool:
        """Returns whether it is about an earlier time or place than the last one sent; nobody can have answered a
        change that still waits to be sent.
        """
        return self.sequence < self.shown.asked_sequence

    @property
    def came_from_elsewhere(self) -> bool:
        """Returns whether it came from another account or a delegate. That does not disprove it (5.1), but the
        registered address should know.
        """
        return self.is_by_another_name or not same_address(self.incoming.sender, self.invite.address)


def apply_reply(*, mail: InboundMail, incoming: Incoming, calendar: CalendarObject, now: datetime) -> Outcome:
    """Matches a calendar object by UID and ATTENDEE, and does what it says. Runs in the transaction of the caller."""
    handle = HANDLERS.get(calendar.method)
    if handle is None:
        return Outcome(Verdict.IGNORED, "other-method")
    known = _known(calendar.entries)
    if len({uid for uid, _ in known}) != 1:
        return Outcome(Verdict.IGNORED, "several-uids" if known else "unknown-uid")
    uid, entry = known[0]
    try:
        invite = declines.lock_invite(invite_id=uid, now=now)
    except Invite.DoesNotExist:
        return Outcome(Verdict.IGNORED, "unknown-uid")
    invited = entry.attendee_called(invite.address)
    attendee = invited or entry.attendee_called(*address_changes.names_of(invite.attendee))
    answers = [each.answer for each in entry.attendees]
    answer = attendee.answer if attendee else next((each for each in answers if each == Answer.DECLINED), "")
    reply = Reply(
        mail=mail,
        incoming=incoming,
        invite=invite,
        entry=entry,
        answer=answer,
        shown=shown.shown_by(invite),
        is_by_another_name=invited is None,
        now=now,
    )
    return _foreign(reply) if attendee is None else handle(reply)


def _known(entries: tuple[Entry, ...]) -> list[tuple[int, Entry]]:
    """Returns the entries with a UID of ours, each with the primary key of the invitation."""
    named = [(uid, entry) for entry in entries if (uid := _uid(entry.uid))]
    ours = dict(Invite.objects.filter(uid__in=[uid for uid, _ in named]).values_list("uid", "pk"))
    return [(ours[uid], entry) for uid, entry in named if uid in ours]


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _foreign(reply: Reply) -> Outcome:
    """The UID matches but the ATTENDEE does not: a forwarded invitation, or an address we were never told. We change
    nothing; if they declined, we tell the person we invited.
    """
    if reply.answer == Answer.DECLINED and _ask_whether_they_come(reply, "reply-foreign"):
        return Outcome(Verdict.ASKED, "foreign-attendee", reply.invite)
    return Outcome(Verdict.RECORDED, "foreign-attendee", reply.invite)


def _answered(reply: Reply) -> Outcome:
    if reply.answer not in Answer.values:
        return Outcome(Verdict.IGNORED, "no-answer", reply.invite)
    if _is_refused(reply):
        is_asked = reply.answer == Answer.DECLINED and _ask_whether_they_come(reply, "reply-unverified")
        return Outcome(Verdict.ASKED if is_asked else Verdict.RECORDED, "sender-refused", reply.invite)
    if not reply.is_newer:
        return Outcome(Verdict.IGNORED, "duplicate", reply.invite)
    _note_answer(reply)
    if reply.registration is None:
        return _without_a_seat(reply)
    return _stale(reply) if reply.is_stale else ANSWERS[Answer(reply.answer)](reply)


def _is_refused(reply: Reply) -> bool:
    """Applies the trust matrix (5.3): the UID is a secret of the invited mailbox, so only a proven forgery is refused,
    unless `REPLY_REQUIRE_DMARC` demands proof.
    """
    incoming = reply.incoming
    judged = judge(incoming.authentication, address=incoming.sender, authserv_id=settings.AUTHSERV_ID)
    is_proven = judged is Sender.VERIFIED and not reply.came_from_elsewhere
    return judged is Sender.REFUSED or (settings.REPLY_REQUIRE_DMARC and not is_proven)


def _note_answer(reply: Reply) -> None:
    """Records the answer. An answer to a former time counts for the order of replies, but not as what the person says
    (3.4).
    """
    invite, fields = reply.invite, ["answered_sequence", "answered_stamp", "answered_with", "answered_by"]
    invite.answered_sequence, invite.answered_stamp = reply.sequence, reply.stamped_at
    invite.answered_with, invite.answered_by = reply.answer, reply.mail
    if not reply.is_stale:
        invite.answer, invite.answered_at = reply.answer, reply.now
        fields += ["answer", "answered_at"]
    invite.save(update_fields=fields)


def _stale(reply: Reply) -> Outcome:
    registration, invite = reply.registration, reply.invite
    is_held = invite.state == InviteState.ACTIVE and _is_to_come(reply)
    if is_held and invite.release_at and reply.answer in STAYS:
        return _kept(reply)
    if reply.answer != Answer.DECLINED or registration is None or not registration.is_confirmed or not is_held:
        return Outcome(Verdict.RECORDED, "stale", invite)
    is_told = _tell_once(registration, "reply-stale", reply.now, comment=reply.entry.comment)
    return Outcome(Verdict.ASKED if is_told else Verdict.RECORDED, "stale", invite)


def _without_a_seat(reply: Reply) -> Outcome:
    if reply.invite.umbrella_of:
        return _to_umbrella(reply)
    return _stale(reply) if reply.is_stale else _from_host(reply)


def _to_umbrella(reply: Reply) -> Outcome:
    """The entry for all days of a conference holds no seat, so a no frees nothing (3.11)."""
    if reply.is_stale or reply.answer not in {Answer.DECLINED, *STAYS}:
        return Outcome(Verdict.RECORDED, "umbrella", reply.invite)
    if reply.answer == Answer.DECLINED and conference_days.decline_entry(reply.invite, now=reply.now):
        return Outcome(Verdict.ASKED, "umbrella", reply.invite)
    if reply.answer in STAYS:
        conference_days.accept(reply.invite)
    return Outcome(Verdict.RECORDED, "umbrella", reply.invite)


def _from_host(reply: Reply) -> Outcome:
    """Hosts hold no seat, so a decline is forwarded to a person."""
    if reply.answer == Answer.DECLINED:
        forwarding.pass_on(mail=reply.mail, kind="reply-forwarded", now=reply.now)
    return Outcome(Verdict.RECORDED, "host", reply.invite)


def _declined(reply: Reply) -> Outcome:
    became = declines.decline_seat(reply.invite, comment=reply.entry.comment, now=reply.now)
    verdicts = {"noted": Verdict.RECORDED, "asked": Verdict.ASKED}
    return Outcome(verdicts.get(became, Verdict.APPLIED), became, reply.invite)


def _accepted(reply: Reply) -> Outcome:
    if reply.invite.state == InviteState.DECLINED:
        return _come_after_all(reply)
    return _staying(reply)


def _staying(reply: Reply) -> Outcome:
    """Yes and maybe both mean that the seat stays (R37). After a no, they undo it while there is time."""
    if reply.invite.state == InviteState.ACTIVE and reply.invite.release_at:
        return _kept(reply)
    registration, is_active = reply.registration, reply.invite.state == InviteState.ACTIVE
    if registration and is_active and reply.came_from_elsewhere and _is_to_come(reply):
        _tell_once(registration, "reply-noted", reply.now, answer=reply.answer)
    return Outcome(Verdict.RECORDED, "answer", reply.invite)


def _kept(reply: Reply) -> Outcome:
    declines.keep_in_calendar(reply.invite, reply.now)
    return Outcome(Verdict.APPLIED, "kept", reply.invite)


def _perhaps(reply: Reply) -> Outcome:
    if reply.invite.state == InviteState.DECLINED:
        return Outcome(Verdict.RECORDED, "answer", reply.invite)
    return _staying(reply)


def _come_after_all(reply: Reply) -> Outcome:
    """Accepted after the seat was given back: the person gets a new seat with a new entry if one is free, and in any
    case the old entry is removed (5.4.6).
    """
    registration = reply.registration
    if registration is None or not _is_to_come(reply):
        return Outcome(Verdict.RECORDED, "answer", reply.invite)
    again = declines.take_again(registration, reply.now) or declines.seat_here(registration)
    kind = "reply-renewed" if again else "reply-too-late"
    more = {} if again else shown.last_told(reply.invite)
    invites.recall(reply.invite, about=again or registration, kind=kind, more=more, now=reply.now)
    return Outcome(
        Verdict.APPLIED if again else Verdict.RECORDED, "seated-again" if again else "too-late", reply.invite
    )


def _delegated(reply: Reply) -> Outcome:
    """A seat is personal, so this is not an answer; people decide what it means."""
    forwarding.pass_on(mail=reply.mail, kind="reply-delegated", now=reply.now)
    return Outcome(Verdict.RECORDED, "delegated", reply.invite)


def _refreshed(reply: Reply) -> Outcome:
    """Sends the last REQUEST again, only to the registered address, and at most once an hour."""
    registration, lately = reply.registration, reply.now - REFRESH_PAUSE
    is_seat = registration is not None and registration.is_confirmed and reply.invite.state == InviteState.ACTIVE
    sent_lately = Message.objects.filter(thread=reply.invite.uid, created_at__gt=lately).exists()
    if reply.incoming.is_automatic or registration is None or not is_seat or sent_lately or not _is_to_come(reply):
        return Outcome(Verdict.IGNORED, "refresh", reply.invite)
    if not (reply.shown.facts and invites.repeat_as_told(registration, told=reply.shown.facts, now=reply.now)):
        invites.repeat(registration, kind="registration-confirmed", now=reply.now)
    return Outcome(Verdict.APPLIED, "refresh", reply.invite)


def _countered(reply: Reply) -> Outcome:
    """Somebody proposed another time. Other people come too, so a friendly mail says where to find other dates."""
    registration = reply.registration
    if reply.incoming.is_automatic or registration is None or not registration.is_confirmed or not reply.is_newer:
        return Outcome(Verdict.IGNORED, "counter", reply.invite)
    is_told = _is_to_come(reply) and _ask_whether_they_come(reply, "reply-counter")
    return Outcome(Verdict.ASKED if is_told else Verdict.RECORDED, "counter", reply.invite)


def _ask_whether_they_come(reply: Reply, kind: str) -> bool:
    """Mails the registered address that nothing has changed, and why; never because of an automatic mail (5.4.8).
    Returns whether a mail was queued.
    """
    registration = reply.registration
    if reply.incoming.is_automatic or registration is None or not registration.is_confirmed or not _is_to_come(reply):
        return False
    return _tell_once(registration, kind, reply.now)


def _tell_once(registration: Registration, kind: str, now: datetime, **facts: str) -> bool:
    """Queues the mail at most once a day, so that nobody can fill a mailbox through us. Returns whether it did."""
    if Message.objects.filter(subject_id=registration.key, kind=kind, created_at__gt=now - ASK_PAUSE).exists():
        return False
    shown.tell(registration, kind=kind, now=now, **facts)
    return True


def _is_to_come(reply: Reply) -> bool:
    return reply.now < declines.session_of(reply.invite).starts_at


ANSWERS = {
    Answer.ACCEPTED: _accepted,
    Answer.TENTATIVE: _perhaps,
    Answer.DECLINED: _declined,
    Answer.DELEGATED: _delegated,
}
HANDLERS = {"REPLY": _answered, "REFRESH": _refreshed, "COUNTER": _countered}
