"""The connection to the mail server, and what its answers mean."""

from __future__ import annotations

from contextlib import suppress
from smtplib import SMTPDataError, SMTPException, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from project.outbox.enums import Trouble

if TYPE_CHECKING:
    from project.outbox.models import Message

MAX_MAILS = 50  # on one connection: servers have limits of their own, mostly 100
WELL, PERMANENT = 250, 500  # RFC 5321 4.2.1: 5yz


class Line:
    """One connection for a row of mails: opened for the first, opened anew when the server has closed it, and after any trouble."""

    def __init__(self) -> None:
        self._backend: Any = None
        self._carried = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def send(self, message: Message) -> None:
        """Hands over the stored bytes. Raises what the transport raises; `trouble_of` tells what that means."""
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
        """Asked, not found out with a mail: a connection that ends while a mail is on it tells nothing about the mail."""
        connection = getattr(self._backend, "connection", None)
        try:
            return connection is not None and connection.noop()[0] != WELL
        except (SMTPException, OSError):
            return True

    def _leave(self) -> None:
        with suppress(SMTPException, OSError):  # the mails are delivered; the farewell is only polite
            if self._backend:
                self._backend.close()
        self._hang_up()

    def _hang_up(self) -> None:
        """Without the farewell, for which a server that has stopped answering would be waited once more."""
        connection = getattr(self._backend, "connection", None)
        if connection is not None:
            connection.close()
        self._backend = None


def trouble_of(error: Exception) -> Trouble:
    """What a refusal means for the mail; everything that is no answer of a server at all is silence, and what is no error of a connection ours."""
    match error:
        case SMTPRecipientsRefused():
            code, words = next(iter(error.recipients.values()))
            return _refusal(code, words, of_this=Trouble.NO_SUCH_ADDRESS)
        case SMTPDataError():
            return _refusal(error.smtp_code, error.smtp_error, of_this=Trouble.MAIL_REFUSED)
        case SMTPResponseException():
            return _refusal(error.smtp_code, error.smtp_error, of_this=Trouble.WE_ARE_REFUSED)
        case SMTPNotSupportedError():
            return Trouble.WE_ARE_REFUSED
        case OSError():  # every other SMTPException is one too: closed, timed out, never there
            return Trouble.NO_ANSWER
        case _:
            return Trouble.NOT_WRITTEN


def _refusal(code: int, words: bytes | str, *, of_this: Trouble) -> Trouble:
    """5.7 is about who sends and not about the mail (RFC 3463 3.8): relaying that is not allowed, a sender that is not trusted. That may be put
    right, and no mail should be lost over it.
    """
    if code < PERMANENT:
        return Trouble.TRY_LATER
    said = words if isinstance(words, str) else words.decode(errors="replace")
    return Trouble.WE_ARE_REFUSED if said.startswith("5.7.") else of_this


class _RawMail(EmailMessage):
    """Hands the stored bytes to any of Django's mail transports (specs/calendar.md R6)."""

    def __init__(self, message: Message) -> None:
        super().__init__(from_email=settings.MAIL_FROM, to=[message.address])
        self.raw = bytes(message.raw)

    def message(self) -> _Raw:  # type: ignore[override]  # the transports call as_bytes() and nothing else
        return _Raw(self.raw)


class _Raw:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def as_bytes(self, linesep: str = "\r\n") -> bytes:
        return self.raw if linesep == "\r\n" else self.raw.replace(b"\r\n", linesep.encode())
