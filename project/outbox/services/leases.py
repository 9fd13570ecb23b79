"""Leases: which worker has which mail. Written in SQL, one statement each, because a worker does this for every
mail.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection

from project.outbox.enums import MessageStatus
from project.outbox.models import Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from project.outbox.enums import Trouble

DURATION = timedelta(minutes=5)
CODES = ("sign-in-code",)  # kinds that somebody waits for in front of the screen, and that are blanked once sent

# Takes the mail that has been due longest: a pending one, or one whose lease expired because its worker died. Never one
# that has an older unsent mail in its thread. Of a bundle only the oldest that is due: the others go with it. Rows that
# another worker is taking at this moment are skipped, not waited for. The columns are listed, so that a running worker
# survives a migration that adds one.
TAKE = """
    UPDATE outbox_message SET status = 'SENDING', due_at = %s, attempts = attempts + 1
    WHERE id = (
        SELECT mine.id FROM outbox_message mine
        WHERE mine.status IN ('PENDING', 'SENDING') AND mine.due_at <= %s {which}
            AND NOT EXISTS (
                SELECT 1 FROM outbox_message earlier
                WHERE earlier.thread = mine.thread AND earlier.id < mine.id AND earlier.status IN ('PENDING', 'SENDING')
            )
            AND NOT (mine.bundle <> '' AND EXISTS (
                SELECT 1 FROM outbox_message alike
                WHERE alike.recipient_id = mine.recipient_id AND alike.bundle = mine.bundle AND alike.id < mine.id
                    AND (alike.status = 'SENDING' OR (alike.status = 'PENDING' AND alike.due_at <= %s))
            ))
        ORDER BY mine.due_at, mine.id LIMIT 1 {skipping}
    )
    RETURNING (
        SELECT account.is_active FROM accounts_user account WHERE account.id = outbox_message.recipient_id
    ) AS recipient_is_active, """ + ", ".join(str(field.column) for field in Message._meta.concrete_fields)  # noqa: S608, SLF001  # our own words; documented
STILL_MINE = "WHERE id = %s AND status = 'SENDING' AND attempts = %s"
KEEP = f"UPDATE outbox_message SET raw = %s, message_id = %s {STILL_MINE}"  # noqa: S608  # our own words
RENEW = f"UPDATE outbox_message SET due_at = %s {STILL_MINE}"  # noqa: S608  # the same
GIVE_BACK = f"UPDATE outbox_message SET status = %s, due_at = %s, last_error = %s {STILL_MINE}"  # noqa: S608  # the same
END = f"UPDATE outbox_message SET status = %s, sent_at = %s, last_error = %s {STILL_MINE}"  # noqa: S608  # the same


def take_due(*, now: datetime, message_id: int | None = None) -> Message | None:
    """Leases the next mail that is due, or this one if it is due, for `DURATION`. Returns None if there is none that no
    other worker has.

    A lease that has expired can be taken: its worker has died. Of a thread only the first unsent mail is due
    (specs/calendar.md R34).
    """
    skipping = "FOR NO KEY UPDATE OF mine SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    which = "" if message_id is None else "AND mine.id = %s"
    parameters = [_stored(now + DURATION), _stored(now), *([] if message_id is None else [message_id]), _stored(now)]
    taken: list[Message] = list(Message.objects.raw(TAKE.format(which=which, skipping=skipping), parameters))
    return taken[0] if taken else None


def waited_for(*, now: datetime) -> list[int]:
    """Returns the primary keys of the mails that are due and that somebody waits for in front of the screen."""
    due = Message.objects.unsent().filter(kind__in=CODES, due_at__lte=now)
    return list(due.order_by("pk").values_list("pk", flat=True))


def keep_rendering(message: Message) -> bool:
    """Stores the bytes before the first attempt, so that every attempt sends the same. Returns False if the lease was
    lost.
    """
    return _change(message, KEEP, [message.raw, message.message_id])


def renew(message: Message, *, now: datetime) -> bool:
    """Extends the lease to `DURATION` from now. Returns False if it has expired and another worker took the mail."""
    return _change(message, RENEW, [_stored(now + DURATION)])


def give_back(message: Message, *, trouble: Trouble, due_at: datetime) -> bool:
    """Ends the lease and makes the mail due again at `due_at`. Returns False if the lease was lost."""
    return _change(message, GIVE_BACK, [MessageStatus.PENDING, _stored(due_at), trouble.value])


def end(message: Message, *, status: MessageStatus, now: datetime, trouble: Trouble | None = None) -> bool:
    """Ends the lease with the mail sent, dropped or failed. Blanks a sign-in code. Returns False if the lease was
    lost.
    """
    sent_at = _stored(now) if status == MessageStatus.SENT else None
    is_mine = _change(message, END, [status.value, sent_at, trouble.value if trouble else ""])
    if is_mine and message.kind in CODES:
        Message.objects.filter(pk=message.pk).update(raw=b"", facts={})
    return is_mine


def _change(message: Message, sql: str, values: Sequence[Any]) -> bool:
    """Changes the row only under the lease of this attempt, so that a worker that was too slow does not overwrite what
    the next one did. Returns whether it did.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, message.pk, message.attempts])
        return bool(cursor.rowcount)


def _stored(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
