"""The whole product, running: web, worker and scheduler on SQLite and the embedded broker, as `make run`
starts them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests import houses
from tests.architecture import sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta
    from pathlib import Path
    from uuid import UUID

PATIENCE_SECONDS = 90.0
IS_OPEN = "Samen is open"
MOMENT = "strftime('%Y-%m-%d %H:%M:%f', {}, '-{} seconds')"


@dataclass(frozen=True)
class House:
    address: str
    data_dir: Path

    @property
    def mail(self) -> Path:
        return self.data_dir / "mail"

    def find(self, question: str, *values: object) -> list[tuple[str, ...]]:
        """What the database says: for addresses of pages to look at, never instead of looking at a page."""
        with contextlib.closing(sqlite3.connect(self.data_dir / "samen.sqlite3", timeout=20)) as database:
            return database.execute(question, values).fetchall()

    def let_time_pass(self, session: UUID, by: timedelta) -> None:
        """Only for this one session: it lies that much earlier now, which is what people see when they come
        back later.
        """
        seconds = int(by.total_seconds())
        moved = ", ".join(f"{name} = {MOMENT.format(name, seconds)}" for name in ("starts_at", "ends_at"))
        with contextlib.closing(sqlite3.connect(self.data_dir / "samen.sqlite3", timeout=20)) as database, database:
            database.execute(f"UPDATE events_session SET {moved} WHERE key = ?", (session.hex,))  # noqa: S608 - our own words

    def let_offers_run_out(self, session: UUID) -> None:
        """As if the time to answer were over; then the scheduler comes by."""
        question = """UPDATE registrations_registration
            SET offer_expires_at = strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 minutes')
            WHERE status = 'OFFERED' AND session_id = (SELECT id FROM events_session WHERE key = ?)"""
        with contextlib.closing(sqlite3.connect(self.data_dir / "samen.sqlite3", timeout=20)) as database, database:
            assert database.execute(question, (session.hex,)).rowcount, "no offer is open"
        self.shell("from registrations.tasks import settle_events; settle_events()")

    def audit(self) -> None:
        """Every invariant of the seats on the data as it is now."""
        self.shell("from django.core.management import call_command; call_command('audit_seats')")

    def shell(self, words: str) -> None:
        """What the scheduler would do at its hour, done now and in the same database."""
        environment = houses.environment(self.data_dir) | {"BASE_URL": self.address}
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", words]
        subprocess.run(command, cwd=sources.ROOT, env=environment, check=True)  # noqa: S603 - our own command


@contextlib.contextmanager
def running(data_dir: Path) -> Iterator[House]:
    """`manage.py up --demo` on a folder with the demo in it, until it is asked to stop, which it must do cleanly."""
    port, log = houses.free_port(), data_dir.with_suffix(".log")
    environment = houses.environment(data_dir) | {"PORT": str(port)}
    del environment["DEMO"]  # --demo says it
    with log.open("w") as output:
        command = [sys.executable, "manage.py", "up", "--demo"]
        process = subprocess.Popen(command, cwd=sources.ROOT, env=environment, stdout=output, stderr=output)  # noqa: S603 - our own command
    try:
        _wait_until_open(process, log)
        yield House(f"http://127.0.0.1:{port}", data_dir)
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE_SECONDS) == 0, log.read_text()
    finally:
        process.kill()  # its parts die with it
        process.wait()


def _wait_until_open(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while IS_OPEN not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
