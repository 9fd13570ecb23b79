"""`manage.py up`: web server, worker and scheduler in one process tree. `make run` is this with DEMO=1. For the demo
only.
"""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from project.operations.services import supervisor

LOOPBACK = "127.0.0.1"
PEOPLE = (
    ("student@demo.example", "a student"),
    ("staff@demo.example", "a colleague"),
    ("phd@demo.example", "a PhD candidate"),
    ("manager@demo.example", "a manager"),
    ("organiser@demo.example", "organises for all units"),
    ("organiser-me@demo.example", "organises for one faculty"),
    ("host@demo.example", "hosts sessions"),
    ("door@demo.example", "checks people in"),
    ("board@demo.example", "reads the figures"),
    ("coordinator@demo.example", "coordinates the programme"),
    ("admin@demo.example", "gives roles"),
)


class Command(BaseCommand):
    help = "Run web, worker and scheduler until Ctrl-C. With --demo or DEMO=1 also an embedded broker, and the demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        # manage.py reads --demo before the settings are loaded; here it is only described.
        parser.add_argument("--demo", action="store_true", help="the same as DEMO=1")
        parser.add_argument("--port", type=int, default=os.environ.get("PORT") or "8000", help="default: $PORT or 8000")

    def handle(self, *args: Any, **options: Any) -> None:
        house = _house(options["port"])
        try:
            supervisor.run(house=house, say=self._say, welcome=lambda: self._welcome(house))
        except supervisor.UnableToRun as error:
            raise CommandError(str(error)) from error

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _welcome(self, house: supervisor.House) -> None:
        lines = ["", f"Samen is open: {house.address}/", ""]
        if house.is_demo:
            lines += [
                f"Be anybody of the demo at {house.address}/demo/",
                *(f"  {who:28}{what}" for who, what in PEOPLE),
            ]
            lines += ["", f"Mail is written to {house.data_dir / 'mail'}"]
        self._say("\n".join([*lines, "Ctrl-C stops everything.", ""]))


def _house(port: int) -> supervisor.House:
    """Returns what to run. The demo listens on this machine only, because anybody can sign in as anybody.

    Raises `CommandError` without `REDIS_URL`, except in the demo.
    """
    is_demo = bool(settings.DEMO)
    host = LOOPBACK if is_demo else os.environ.get("HOST") or LOOPBACK
    environment = supervisor.inherited_environment()
    redis_url = environment.get("REDIS_URL", "")
    if not redis_url and not is_demo:
        raise CommandError("REDIS_URL must name a Redis when DEMO=0.")
    if is_demo:
        environment.setdefault("BASE_URL", f"http://{host}:{port}")
    return supervisor.House(
        root=settings.BASE_DIR,
        data_dir=settings.DATA_DIR,
        host=host,
        port=port,
        redis_url=redis_url,
        is_demo=is_demo,
        environment=environment,
    )
