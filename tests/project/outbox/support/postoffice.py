"""An SMTP server that misbehaves as a test wants."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

from tests.conftest import Mailbox

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

HANG_UP = "hang up"
TAKEN = "250 OK"
STALL_SECONDS = 5  # longer than the sender waits in a test


class PostOffice(Mailbox):
    """Replies to the next bodies with `answers`, one each, and accepts all later ones. Keeps every body it has read,
    whatever it replied.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[str] = []
        self.refuse_sender_with = ""
        self.connections = 0
        self.closes_after_each = self.stalls = False
        self.thinks_seconds = 0.0  # about each body it has read, before it answers
        self.has_a_recipient, self.has_a_body = threading.Event(), threading.Event()

    async def handle_EHLO(  # noqa: N802  # the name aiosmtpd calls
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(  # noqa: N802  # the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse_sender_with:
            return self.refuse_sender_with
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return TAKEN

    async def handle_RCPT(  # noqa: N802  # the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.has_a_recipient.set()
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # the name aiosmtpd calls
        if self.stalls:
            await asyncio.sleep(STALL_SECONDS)
        await super().handle_DATA(server, session, envelope)
        self.has_a_body.set()
        await asyncio.sleep(self.thinks_seconds)
        answer = self.answers.pop(0) if self.answers else TAKEN
        transport: Any = server.transport
        if answer == HANG_UP:
            transport.abort()
        elif self.closes_after_each:
            asyncio.get_running_loop().call_soon(transport.close)  # when the answer is out
        return answer
