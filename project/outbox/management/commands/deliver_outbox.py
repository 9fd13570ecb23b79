from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from project.outbox.services import delivery

if TYPE_CHECKING:
    from argparse import ArgumentParser

PAUSE_SECONDS = 5


class Command(BaseCommand):
    help = "Sends the emails that are due, without a broker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing is due any more")

    def handle(self, *_args: Any, **options: Any) -> None:
        while True:
            tried = delivery.deliver_due(now=timezone.now())
            if tried:
                self.stdout.write(f"{tried} mails tried")
            elif options["once"]:
                return
            else:
                time.sleep(PAUSE_SECONDS)
