"""`manage.py prepare`: everything to do after installing a version and before starting it. Safe to repeat; `up` runs it
first.
"""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from events.services import search
from project.deployment.private_files import close_files, make_private
from project.operations.services import catalogues, static_files


class Command(BaseCommand):
    help = "Compile translations, migrate the database, collect static files and, with DEMO=1, load the demo once."

    def handle(self, *args: Any, **options: Any) -> None:
        catalogues.compile_stale(root=settings.BASE_DIR)
        self._say("Preparing the database ...")
        data_dir = make_private(settings.DATA_DIR)
        call_command("migrate", interactive=False, verbosity=0)
        search.repair()
        close_files([*data_dir.glob("*.sqlite3*"), *data_dir.glob("mail/*.eml")])
        if static_files.collect_if_changed():
            self._say("Prepared the static files.")
        if settings.DEMO:
            self._say("Loading the demo programme (only the first time takes a while) ...")
            call_command("demo")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
