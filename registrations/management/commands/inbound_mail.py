from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import structlog
from django.core.management.base import BaseCommand
from django.utils import timezone

from registrations.enums import Verdict
from registrations.rules.inbox.incoming import LARGEST_MAIL
from registrations.services.inbox import inbound

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from registrations.models import InboundMail

log = structlog.get_logger(__name__)

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits: the mail server keeps the mail


class Command(BaseCommand):
    help = "Takes in one email from standard input; exit 75 = try again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        env = os.environ
        given = env.get("ORIGINAL_RECIPIENT") or env.get("RECIPIENT") or ""
        parser.add_argument("--recipient", default=given, help="of the envelope; Postfix says it in the environment")
        parser.add_argument("--sender", default=env.get("SENDER"), help="of the envelope, empty for a bounce")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Once stored, the mail cannot get lost. It is read at once, so that the result is visible without a worker."""
        raw = sys.stdin.buffer.read(LARGEST_MAIL + 1)
        try:
            mail = inbound.take_in(
                raw=raw, recipient=options["recipient"], envelope_from=options["sender"], now=timezone.now()
            )
        except Exception:  # with any other exit code the mail server would send it back for good
            log.exception("inbound_not_stored")
            raise SystemExit(TRY_AGAIN) from None
        self.stdout.write(_read(mail))


def _read(mail: InboundMail) -> str:
    """Returns the verdict. The mail is stored, so errors from here on do not concern the mail server: the sweep reads
    it again.
    """
    try:
        verdict = inbound.process(inbound_id=mail.pk, now=timezone.now())
        mail.refresh_from_db(fields=["reason"])
    except Exception:  # with any other exit code the mail server would send it back for good
        log.exception("inbound_left_for_the_sweep", mail=mail.pk)
        return Verdict.PENDING
    return f"{verdict} {mail.reason}".strip()
