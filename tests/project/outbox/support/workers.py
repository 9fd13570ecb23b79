"""Real workers and schedulers with a broker of their own, which tests stop and kill."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.db import connection
from redis import Redis

from project.operations.services import broker, processes, supervisor
from tests.architecture import sources

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

PATIENCE_SECONDS = 120.0


@dataclass
class Yard:
    """`folder` has the socket of the broker and the output of all processes."""

    folder: Path
    running: contextlib.ExitStack
    started: int = 0
    queue: subprocess.Popen[bytes] | None = None
    redis_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)

    def open_broker(self) -> None:
        self.queue, self.redis_url = broker.start(directory=self.folder)
        self.running.callback(processes.stop, process=self.queue)

    def close_broker(self) -> None:
        assert self.queue
        processes.stop(process=self.queue)

    def flush_broker(self) -> None:
        with Redis(unix_socket_path=self.redis_url.removeprefix("redis+socket://")) as client:
            client.flushall()

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Starts a `worker` or a `scheduler` with the arguments of `manage.py up`."""
        self.started += 1
        house = supervisor.House(
            root=sources.ROOT,
            data_dir=self.folder / str(self.started),
            host="127.0.0.1",
            port=8000,
            redis_url="",
            is_demo=False,
            environment={},
        )
        house.data_dir.mkdir()
        command = [sys.executable, *dict(supervisor._programs(house))[name]]
        process = processes.start(
            command=command,
            env=self._environment(),
            cwd=sources.ROOT,
            output=self.folder / f"{name}-{self.started}.log",
        )
        self.running.callback(processes.stop, process=process)
        return process

    def sweep(self) -> None:
        """Calls the sweep as the scheduler does every fifteen seconds."""
        with current_app.connection_for_write(self.redis_url) as line:
            current_app.send_task("project.outbox.tasks.sweep_outbox", connection=line)

    def words(self) -> str:
        """Returns the output of the workers, to show when a test fails."""
        return "\n".join(log.read_text()[-3000:] for log in sorted(self.folder.glob("*.log")))

    def _environment(self) -> dict[str, str]:
        database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        return os.environ | {
            "DATABASE_URL": database,
            "REDIS_URL": self.redis_url,
            "EMAIL_URL": f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
            "EMAIL_TIMEOUT": "2",
            **self.settings,
        }


@contextlib.contextmanager
def opened() -> Iterator[Yard]:
    with contextlib.ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="samen-", ignore_cleanup_errors=True)))
        yard = Yard(folder, running)
        yard.open_broker()
        yield yard


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kills a process with SIGKILL."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(is_so: Callable[[], bool], yard: Yard) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"It did not happen in {PATIENCE_SECONDS:.0f} seconds.\n{yard.words()}"
        time.sleep(0.05)
