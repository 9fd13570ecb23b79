"""Reads a mailbox over IMAP (RFC 9051), which any hosted mailbox offers (specs/calendar.md 5.2)."""

from __future__ import annotations

import imaplib
import ssl
from contextlib import contextmanager, suppress
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from imap_tools import MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFetchError, MailboxFolderCreateError, MailboxLogoutError
from imap_tools.utils import check_command_status

from registrations.enums import Verdict
from registrations.rules.inbox.incoming import LARGEST_MAIL
from registrations.services.inbox import inbound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imap_tools import BaseMailBox

log = structlog.get_logger(__name__)

PATIENCE = 30  # seconds to wait for a response of the server
MAX_MAILS = 200  # per poll; the next one continues
DONE, FAILED = "Processed", "Failed"
DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To")
TROUBLE = (OSError, imaplib.IMAP4.error, ImapToolsError)  # the second also covers abort and readonly
AWAY = (OSError, imaplib.IMAP4.abort, InterfaceError, OperationalError)  # the server or the database


def read_mailbox() -> int:
    """Takes in new mails and moves them away; returns how many. Does nothing if no mailbox is configured.
    `INBOUND_IMAP_URL` is `imaps://user:password@host[:993][/folder]`, or `imap://` with STARTTLS if the server offers
    it; each part is percent-encoded UTF-8. A mail is marked as read only once it is stored, so after an interruption it
    is fetched again and recognised by its digest. Trouble with the server or the database is logged and left for the
    next poll.
    """
    if not settings.INBOUND_IMAP_URL:
        return 0
    try:
        with _mailbox(settings.INBOUND_IMAP_URL) as mailbox:
            return sum(_try_to_take_in(mailbox, uid) for uid in mailbox.uids("UNSEEN")[:MAX_MAILS])
    except (*TROUBLE, *AWAY) as error:
        log.warning("mailbox_trouble", error=type(error).__name__)
        return 0


@contextmanager
def _mailbox(url: str) -> Iterator[BaseMailBox]:
    where = urlsplit(url)
    mailbox = _connect(where.hostname or "", where.port, is_encrypted=where.scheme == "imaps")
    user, password = unquote(where.username or ""), unquote(where.password or "")
    login = mailbox.login if (user + password).isascii() else mailbox.login_utf8
    try:
        login(user, password, initial_folder=unquote(where.path.strip("/")) or "INBOX")
        yield mailbox
    finally:
        with suppress(*TROUBLE, MailboxLogoutError):
            mailbox.logout()


def _connect(host: str, port: int | None, *, is_encrypted: bool) -> BaseMailBox:
    trusted = ssl.create_default_context()
    if is_encrypted:
        return MailBox(host, port or 993, ssl_context=trusted, timeout=PATIENCE)
    mailbox = MailBoxUnencrypted(host, port or 143, timeout=PATIENCE)
    if "STARTTLS" in mailbox.client.capabilities:
        mailbox.client.starttls(trusted)
    return mailbox


def _try_to_take_in(mailbox: BaseMailBox, uid: str) -> int:
    """If anything is wrong with one mail, it stays in the mailbox and the next ones are taken in."""
    try:
        return _take_in(mailbox, uid)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001  # what a stranger sends must not stop what others send
        log.warning("mail_not_taken_in", error=type(error).__name__)
        return 0


def _take_in(mailbox: BaseMailBox, uid: str) -> int:
    """Stores and reads the mail; another poller or the worker may be doing the same. Mails that are too large are not
    fetched completely.
    """
    raw = _fetch(mailbox, uid)
    if raw is None:
        return 0
    mail = inbound.take_in(raw=raw, recipient=_recipient(raw), envelope_from=None, now=timezone.now())
    verdict = inbound.process(inbound_id=mail.pk, now=timezone.now())
    mailbox.flag(uid, r"\Seen", value=True)
    _move(mailbox, uid, FAILED if verdict == Verdict.FAILED else DONE)
    return 1


def _fetch(mailbox: BaseMailBox, uid: str) -> bytes | None:
    """Returns None if somebody else took the mail away. One byte more than the limit is enough to know that it is too
    large.
    Uses the IMAP client directly: the library only fetches whole mails.
    """
    answer = mailbox.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST_MAIL + 1}>)")
    check_command_status(answer, MailboxFetchError)
    return next((bytes(part[1]) for part in answer[1] if isinstance(part, tuple)), None)


def _recipient(raw: bytes) -> str:
    """Returns the envelope recipient as recorded by the last mail server; empty if it was not."""
    headers = BytesHeaderParser().parsebytes(raw[: 256 * 1024])
    found = (str(headers[name]).strip() for name in DELIVERED_TO if headers[name])
    return next(found, "")


def _move(mailbox: BaseMailBox, uid: str, folder: str) -> None:
    """The mail is stored already, so a full or read-only mailbox loses nothing."""
    with suppress(MailboxFolderCreateError):  # it already exists
        mailbox.folder.create(folder)
    try:
        mailbox.move(uid, folder)
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        log.warning("mailbox_not_tidied", error=type(error).__name__)
