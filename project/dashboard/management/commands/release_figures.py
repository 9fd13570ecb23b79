from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from project.dashboard.enums import CellStatus
from project.dashboard.services.releases import UnableToRelease, release_month

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from datetime import date


class Command(BaseCommand):
    help = "Freezes the figures of a closed month for the board."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", metavar="YYYY-MM")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            release = release_month(month=_parse(options["month"]), now=timezone.now())
        except UnableToRelease as refusal:
            raise CommandError(f"{refusal.code}: {refusal}") from refusal
        cells = list(release.cells.values_list("status", flat=True))
        hidden = cells.count(CellStatus.SUPPRESSED)
        self.stdout.write(
            f"released {release.code}: {len(cells)} figures, {hidden} not shown, SHA-256 {release.digest}"
        )


def _parse(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=timezone.get_default_timezone()).date()
    except ValueError as error:
        raise CommandError(f"{text!r} is no month: write it as 2026-03") from error
