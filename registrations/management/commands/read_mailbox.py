from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from registrations.adapters import imap


class Command(BaseCommand):
    help = "Takes in what is new in the mailbox of INBOUND_IMAP_URL; the scheduler does it every minute."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{imap.read_mailbox()} emails taken in")
