from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from events.services.programme import UnableToImport
from registrations.services.organizing.programme import import_programme, preview_programme

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Bring in a programme: a YAML file, or a folder of them. All or nothing; events/demo shows the format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check everything and say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        verb = preview_programme if options["dry_run"] else import_programme
        try:
            outcome = verb(path=options["file"], actor=None, now=timezone.now())
        except UnableToImport as unable:
            for problem in unable.problems:
                self.stderr.write(str(problem))
            sys.exit(1)
        said = "Nothing written. It would be" if options["dry_run"] else "Done:"
        self.stdout.write(f"{said} {outcome.created} new, {outcome.changed} changed, {outcome.unchanged} as they were.")
