"""Receives mail over LMTP (RFC 2033), behind Postfix or another mail server (specs/calendar.md 5.2)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from aiosmtpd.lmtp import LMTP
from django.db import close_old_connections
from django.utils import timezone

from registrations.rules.inbox.incoming import LARGEST_MAIL
from registrations.services.inbox import inbound

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

log = structlog.get_logger(__name__)

STORED, TRY_AGAIN = "250 2.0.0 Stored", "451 4.3.0 Try again later"


class Receiver:
    """Returns one response for each recipient; if the database is away, the mail server keeps the mail and tries
    again.
    """

    async def handle_RCPT(  # noqa: N802  # the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # the name aiosmtpd calls
        answers = [
            await asyncio.to_thread(_store, _bytes_of(envelope), recipient, envelope.mail_from or "")
            for recipient in envelope.rcpt_tos
        ]
        return "\r\n".join(answers)


def _bytes_of(envelope: Envelope) -> bytes:
    content = envelope.content or b""
    return content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")


def _store(raw: bytes, recipient: str, sender: str) -> str:
    close_old_connections()
    try:
        inbound.take_in(raw=raw, recipient=recipient, envelope_from=sender, now=timezone.now())
    except Exception:  # the mail server keeps it; any other response would bounce it
        log.exception("inbound_not_stored")
        return TRY_AGAIN
    finally:
        close_old_connections()
    return STORED


async def serve(*, path: str = "", port: int = 0) -> asyncio.Server:
    """Listens on a socket file, or on a port of the loopback address; a mail over the limit is rejected permanently."""
    loop = asyncio.get_running_loop()
    if path:
        return await loop.create_unix_server(_session, path)
    return await loop.create_server(_session, "127.0.0.1", port)


def _session() -> LMTP:
    return LMTP(Receiver(), data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True)
