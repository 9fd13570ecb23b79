from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from project.demo.services import growth, loading

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Load the demo around today, once: the real programme, demo people, and a past year with its attendance."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sessions", type=int, default=0, help="add so many sessions, to measure a large programme"
        )
        parser.add_argument(
            "--people", type=int, default=loading.CROWD, help="size of the crowd (default: %(default)s)"
        )
        parser.add_argument("--seed", type=int, default=loading.SEED, help="another number makes another year")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is only for DEMO=1: its people can be anybody.")
        now = timezone.now()
        is_new = loading.load_demo(crowd=options["people"], seed=options["seed"], now=now)
        growth.grow(sessions=options["sessions"], people=options["people"], now=now)
        self.stdout.write("The demo programme is loaded." if is_new else "The demo programme was there already.")
