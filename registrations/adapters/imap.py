"""Reads a mailbox over IMAP (RFC 9051): any hosted mailbox will do (specs/calendar.md 5.2)."""

from __future__ import annotations

import imaplib
import re
import ssl
from contextlib import contextmanager, suppress
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from registrations.enums import Verdict
from registrations.rules.incoming import LARGEST_MAIL
from registrations.services import inbound

if TYPE_CHECKING:
    from collections.abc import Iterator

log = structlog.get_logger(__name__)

PATIENCE = 30  # seconds for any answer of the server
AT_MOST = 200  # mails at a time; the next poll goes on
DONE, FAILED = "Processed", "Failed"
DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To")
TROUBLE = (OSError, imaplib.IMAP4.error)  # error also covers abort and readonly
AWAY = (OSError, imaplib.IMAP4.abort, InterfaceError, OperationalError)  # the server or the database


def read_mailbox() -> int:
    """Takes in what is new, and moves it away; answers how many. Nothing where no mailbox is set.

    `INBOUND_IMAP_URL` is `imaps://user:password@host[:993][/folder]`, or `imap://` with STARTTLS where the server offers it. A mail is
    marked as read only once it is stored, so one that was interrupted is fetched again and is known by its digest. Trouble with the server
    or with the database is logged and left for the next time.
    """
    if not settings.INBOUND_IMAP_URL:
        return 0
    try:
        with _mailbox(settings.INBOUND_IMAP_URL) as server:
            return sum(_try_to_take_in(server, uid) for uid in _unseen(server))
    except (*TROUBLE, *AWAY) as error:
        log.warning("mailbox_trouble", error=type(error).__name__)
        return 0


@contextmanager
def _mailbox(url: str) -> Iterator[imaplib.IMAP4]:
    where = urlsplit(url)
    server = _connect(where.hostname or "", where.port, is_encrypted=where.scheme == "imaps")
    try:
        server.login(unquote(where.username or ""), unquote(where.password or ""))
        folder = unquote(where.path.strip("/")) or "INBOX"
        _ok(server.select(_quoted(folder)))
        yield server
    finally:
        with suppress(*TROUBLE):
            server.logout()


def _connect(host: str, port: int | None, *, is_encrypted: bool) -> imaplib.IMAP4:
    trusted = ssl.create_default_context()
    if is_encrypted:
        return imaplib.IMAP4_SSL(host, port or 993, ssl_context=trusted, timeout=PATIENCE)
    server = imaplib.IMAP4(host, port or 143, timeout=PATIENCE)
    if "STARTTLS" in server.capabilities:
        server.starttls(trusted)
    return server


def _unseen(server: imaplib.IMAP4) -> list[str]:
    found = _ok(server.uid("SEARCH", "UNSEEN"))
    return [uid.decode() for uid in (found[0] or b"").split()][:AT_MOST]


def _try_to_take_in(server: imaplib.IMAP4, uid: str) -> int:
    """Whatever is wrong with one mail, it stays and the next ones are taken in."""
    try:
        return _take_in(server, uid)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001  # what a stranger sends must not stop what others send
        log.warning("mail_not_taken_in", error=type(error).__name__)
        return 0


def _take_in(server: imaplib.IMAP4, uid: str) -> int:
    """Stored and read here; another poller or the worker may be at it as well. What is too large is not even fetched whole."""
    raw = _fetch(server, uid)
    if raw is None:
        return 0
    mail = inbound.take_in(raw=raw, recipient=_recipient(raw), envelope_from=None, now=timezone.now())
    verdict = inbound.process(inbound_id=mail.pk, now=timezone.now())
    _ok(server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
    _move(server, uid, FAILED if verdict == Verdict.FAILED else DONE)
    return 1


def _fetch(server: imaplib.IMAP4, uid: str) -> bytes | None:
    """None where somebody else took it away. One byte more than the limit is enough to know that it is too large."""
    answer = _ok(server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST_MAIL + 1}>)"))
    return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), None)


def _recipient(raw: bytes) -> str:
    """Of the envelope, as the last mail server wrote it down; empty where it did not."""
    headers = BytesHeaderParser().parsebytes(raw[: 256 * 1024])
    found = (str(headers[name]).strip() for name in DELIVERED_TO if headers[name])
    return next(found, "")


def _move(server: imaplib.IMAP4, uid: str, folder: str) -> None:
    """With MOVE where the server knows it (RFC 6851), else copied and deleted. It is stored already, so a full mailbox is no loss."""
    server.create(folder)  # says NO where it is there
    try:
        if "MOVE" in server.capabilities:
            _ok(server.uid("MOVE", uid, folder))
        else:
            _ok(server.uid("COPY", uid, folder))
            _ok(server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
            server.expunge()
    except imaplib.IMAP4.error as error:
        log.warning("mailbox_not_tidied", error=type(error).__name__)


def _ok(answer: tuple[str, Any]) -> list[Any]:
    """Raises the error of the library where the server says NO. Its words may hold an address, so they are not repeated."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error("the server said no")
    return list(data)


def _quoted(folder: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", folder) + '"'
