from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from project.batches import each_in_turn
from registrations.adapters import imap
from registrations.services.attending import address_changes, colleagues, declines, interest
from registrations.services.calendar import conference_days, host_invites
from registrations.services.inbox import inbound
from registrations.services.mailing import reminders
from registrations.services.seats import waitlist


@shared_task
def settle_events() -> None:
    """Brings every event with a waiting list up to date with the clock. Safe to run twice, and late: every verb
    settles, too.
    """
    now = timezone.now()
    events = waitlist.events_to_settle(now)
    each_in_turn(events, lambda event_id: waitlist.settle_event(event_id=event_id, now=now), name="settle_events")


@shared_task
def announce_dates() -> None:
    """Tells people who asked to hear about dates that there are some, even if an import or the opening of a date added
    them. Safe to run twice.
    """
    now = timezone.now()
    events = interest.events_to_announce(now)
    each_in_turn(events, lambda event_id: interest.announce(event_id=event_id, now=now), name="announce_dates")


@shared_task
def send_reminders() -> None:
    """Reminders of tomorrow's sessions, and "still coming?" for full ones (product K5). Safe to run twice, even
    concurrently.
    """
    reminders.remind_everybody(now=timezone.now())


@shared_task
def move_entries() -> None:
    """Updates calendar entries of people who changed their address, if that was interrupted. Safe to run twice."""
    now = timezone.now()
    people = address_changes.people_to_move(now)
    each_in_turn(
        people, lambda person_id: address_changes.move_entries(person_id=person_id, now=now), name="move_entries"
    )


@shared_task
def forget_unconfirmed_addresses() -> None:
    """Safe to run twice."""
    address_changes.forget_unconfirmed(now=timezone.now())


@shared_task
def forget_withdrawn_invitations() -> None:
    """Safe to run twice."""
    colleagues.forget_withdrawn(now=timezone.now())


@shared_task
def invite_hosts() -> None:
    """Updates the calendar entries of hosts. Safe to run twice: the lock prevents duplicates."""
    now = timezone.now()
    events = host_invites.events_to_invite(now)
    each_in_turn(events, lambda event_id: host_invites.invite_hosts(event_id=event_id, now=now), name="invite_hosts")


@shared_task
def cover_conferences() -> None:
    """Entries for the days of a conference, if configured. Safe to run twice: the lock prevents duplicates."""
    now = timezone.now()
    events = conference_days.events_to_cover(now)
    each_in_turn(events, lambda event_id: conference_days.cover(event_id=event_id, now=now), name="cover_conferences")


@shared_task
def process_inbound(inbound_id: int) -> None:
    """Reads one inbound mail. Safe to run twice, even concurrently."""
    inbound.process(inbound_id=inbound_id, now=timezone.now())


@shared_task
def sweep_inbound() -> None:
    """Finds mails whose task got lost, and those that failed. Safe to run twice."""
    mails = inbound.pending(timezone.now())
    each_in_turn(mails, lambda mail: inbound.process(inbound_id=mail, now=timezone.now()), name="sweep_inbound")


@shared_task
def release_declined() -> None:
    """Gives back the seats that were declined in a calendar a while ago; one that fails is tried again next time. Safe
    to run twice.
    """
    now = timezone.now()
    seats = declines.seats_to_free(now)
    each_in_turn(
        seats, lambda invite_id: declines.free_declined_seat(invite_id=invite_id, now=now), name="release_declined"
    )


@shared_task
def read_mailbox() -> None:
    """Fetches new mails, if a mailbox is configured. Safe to run twice, even concurrently."""
    imap.read_mailbox()


@shared_task
def forget_inbound() -> None:
    """Erases the content of mails that arrived more than a month ago. Safe to run twice."""
    inbound.forget_old(now=timezone.now())
