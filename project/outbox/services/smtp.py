"""The connection to the mail server, and what its replies mean."""

from __future__ import annotations

from contextlib import suppress
from smtplib import SMTPDataError, SMTPException, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from project.outbox.enums import Trouble

if TYPE_CHECKING:
    from project.outbox.models import Message

MAX_MAILS = 50  # per connection; servers have limits, usually 100
WELL, PERMANENT = 250, 500  # RFC 5321 4.2.1: 5yz


class Connection:
    """A connection that several mails share. Opened for the first mail, and again when the server has closed it, after
    `MAX_MAILS`, and after any error.
    """

    def __init__(self) -> None:
        self._backend: Any = None
        self._carried = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def send(self, message: Message) -> None:
        """Sends the stored bytes. Raises what the transport raises; `trouble_of` says what that means."""
        if self._backend and (self._carried >= MAX_MAILS or self._was_closed()):
            self._leave()
        try:
            if self._backend is None:
                self._backend, self._carried = get_connection(), 0
                self._backend.open()
            self._backend.send_messages([_RawMail(message)])
            self._carried += 1
        except BaseException:
            self._hang_up()
            raise

    def _was_closed(self) -> bool:
        """Asks with NOOP before sending: if the connection broke during a mail, nobody would know whether it was
        accepted.
        """
        connection = getattr(self._backend, "connection", None)
        try:
            return connection is not None and connection.noop()[0] != WELL
        except (SMTPException, OSError):
            return True

    def _leave(self) -> None:
        with suppress(SMTPException, OSError):  # the mails are delivered; QUIT is only polite
            if self._backend:
                self._backend.close()
        self._hang_up()

    def _hang_up(self) -> None:
        """Closes the socket without QUIT: a hung server would make us wait for its reply."""
        connection = getattr(self._backend, "connection", None)
        if connection is not None:
            connection.close()
        self._backend = None


def trouble_of(error: Exception) -> Trouble:
    """Returns what an error while sending means. A connection that fails is `NO_ANSWER`; an error that is neither a
    reply of the server nor one of the connection is ours, `NOT_WRITTEN`.
    """
    match error:
        case SMTPRecipientsRefused():
            code, text = next(iter(error.recipients.values()))
            return _refusal(code, text, of_this=Trouble.NO_SUCH_ADDRESS)
        case SMTPDataError():
            return _refusal(error.smtp_code, error.smtp_error, of_this=Trouble.MAIL_REFUSED)
        case SMTPResponseException():
            return _refusal(error.smtp_code, error.smtp_error, of_this=Trouble.WE_ARE_REFUSED)
        case SMTPNotSupportedError():
            return Trouble.WE_ARE_REFUSED
        case OSError():  # and every other SMTPException: closed, timed out, unreachable
            return Trouble.NO_ANSWER
        case _:
            return Trouble.NOT_WRITTEN


def _refusal(code: int, text: bytes | str, *, of_this: Trouble) -> Trouble:
    """Returns what a reply means: `of_this` if it is final and about this mail or address.

    Status 5.7.x is about the sender (RFC 3463 3.8), such as relaying that is not allowed. That can be put right, and no
    mail should be lost over it.
    """
    if code < PERMANENT:
        return Trouble.TRY_LATER
    reply = text if isinstance(text, str) else text.decode(errors="replace")
    return Trouble.WE_ARE_REFUSED if reply.startswith("5.7.") else of_this


class _RawMail(EmailMessage):
    """Passes the stored bytes unchanged to any of Django's mail backends (specs/calendar.md R6)."""

    def __init__(self, message: Message) -> None:
        super().__init__(from_email=settings.MAIL_FROM, to=[message.address])
        self.raw = bytes(message.raw)

    def message(self) -> _Raw:  # type: ignore[override]  # the backends call as_bytes() and nothing else
        return _Raw(self.raw)


class _Raw:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def as_bytes(self, linesep: str = "\r\n") -> bytes:
        return self.raw if linesep == "\r\n" else self.raw.replace(b"\r\n", linesep.encode())
