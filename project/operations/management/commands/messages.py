"""`manage.py messages`: Django's makemessages and compilemessages, without the gettext programs."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from project.operations.services import catalogues


class Command(BaseCommand):
    help = "Bring the translations up to date with the texts in code and templates."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--compile", action="store_true", help="only build the .mo files, for an installation")
        parser.add_argument(
            "--check", action="store_true", help="only name what is not translated; exit 1 if anything is"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"] and not options["compile"]:
            catalogues.update(root=settings.BASE_DIR)
        catalogues.compile_stale(root=settings.BASE_DIR)
        missing = [] if options["compile"] else catalogues.problems(root=settings.BASE_DIR)
        for problem in missing:
            self.stdout.write(problem)
        if missing and options["check"]:
            raise CommandError(f"{len(missing)} texts are not translated.")
