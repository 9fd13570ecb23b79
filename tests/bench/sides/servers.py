"""The servers of a measurement: PostgreSQL with durable commits, the broker, a mail server, and web server and worker
with the arguments of `manage.py up`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import psycopg

from project.operations.services import broker, processes, supervisor, web
from tests import houses, services
from tests.architecture import sources
from tests.bench import meter

WEB_WORKERS = 2
# As in production: commits survive a power failure. The log names the program that sent each statement.
POSTGRES_OPTIONS = ("max_connections=200", "shared_buffers=256MB", "max_wal_size=4GB", "log_line_prefix=[%a] ")
START_SECONDS = 60.0
OURS, SMALLEST = web.APPLICATION, "tests.bench.smallest.asgi:application"


class UnableToMeasure(Exception):
    """A server did not start, or did not do its work; the text names it and quotes its output."""


@dataclass(frozen=True)
class Web:
    """A running web server: its process, the seconds until its first page, and its memory then."""

    port: int
    pid: int
    first_answer: float
    memory_mb: float


@dataclass(kw_only=True)
class Servers:
    """Servers that run until `running` closes."""

    folder: Path
    running: contextlib.ExitStack
    mail_port: int = field(default_factory=houses.free_port)
    postgres: int = 0
    broker: int = 0
    redis_url: str = ""

    def start(self) -> None:
        (self.folder / "postgres").mkdir(mode=0o700)
        (self.folder / "broker").mkdir(mode=0o700)
        database, _ = services.start_postgres(self.folder / "postgres", options=POSTGRES_OPTIONS)
        self.running.callback(processes.stop, process=database, ask=signal.SIGINT)
        queue, self.redis_url = broker.start(directory=self.folder / "broker")
        self.running.callback(processes.stop, process=queue)
        self.postgres, self.broker = database.pid, queue.pid
        self.start_python("mail server", ["-m", "tests.bench.sides.mailserver", str(self.mail_port)])
        with self.connect("postgres") as connection:
            connection.execute("CREATE DATABASE samen")
            connection.execute("CREATE DATABASE smallest")

    @contextlib.contextmanager
    def briefly(self) -> Iterator[Servers]:
        """Yields the same servers; what is started through them is stopped at the end of the block."""
        with contextlib.ExitStack() as running:
            yield dataclasses.replace(self, running=running)

    def connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        """Returns a connection with autocommit, under no name, so that its statements are not counted."""
        return psycopg.connect(host=str(self.folder / "postgres"), user="postgres", dbname=database, autocommit=True)

    def environment(self, *, database: str, who: str, port: int = 8000) -> dict[str, str]:
        """Returns the environment of production, with mail to our mail server. `who` names the sender of its
        statements.
        """
        chosen = services.ENVIRONMENT | {
            "DATABASE_URL": f"postgres://postgres@/{database}?host={self.folder / 'postgres'}&application_name={who}",
            "REDIS_URL": self.redis_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "BASE_URL": f"http://127.0.0.1:{port}",
            "DATA_DIR": str(self.folder / "data"),
            "STATIC_ROOT": os.environ.get("STATIC_ROOT") or str(sources.ROOT / ".data/bench/static"),
            "ALLOW_SQLITE": "0",
            "LOG_FORMAT": "json",
            "DATABASE_POOL": "8",
        }
        return {name: value for name, value in os.environ.items() if name not in houses.FORGOTTEN} | chosen

    def smallest_environment(self) -> dict[str, str]:
        environment = self.environment(database="smallest", who="smallest")
        return environment | {"DJANGO_SETTINGS_MODULE": "tests.bench.smallest.settings"}

    def start_web(self, application: str) -> Web:
        """Starts a web server with two workers, otherwise as `up` does. Returns once it has answered a page."""
        port = houses.free_port()
        is_ours = application == OURS
        environment = (
            self.environment(database="samen", who="web", port=port) if is_ours else self.smallest_environment()
        )
        command = web.arguments(host="127.0.0.1", port=port, workers=WEB_WORKERS, application=application)
        begun = time.monotonic()
        process = self.start_python("web", command, environment)
        wait_until_open(port, process, self.log_of("web"))
        return Web(port, process.pid, time.monotonic() - begun, meter.memory_mb(process.pid))

    def start_worker(self) -> int:
        """Starts the worker. Returns its process id."""
        environment = self.environment(database="samen", who="worker")
        return self.start_python("worker", _arguments_of_the_worker(self.folder), environment).pid

    def start_python(
        self, name: str, arguments: list[str], environment: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        command = [sys.executable, *arguments]
        process = processes.start(command=command, env=environment, cwd=sources.ROOT, output=self.log_of(name))
        self.running.callback(processes.stop, process=process)
        return process

    def run_python(self, arguments: list[str], environment: dict[str, str]) -> str:
        """Runs a program to its end and returns what it printed. Raises `UnableToMeasure` if it fails."""
        command = [sys.executable, *arguments]
        ended = subprocess.run(command, cwd=sources.ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
        if ended.returncode:
            raise UnableToMeasure(f"{' '.join(arguments)} failed:\n{ended.stderr}")
        return ended.stdout

    def log_of(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def statements_log(self) -> Path:
        return self.folder / "postgres/postgres.log"

    def mails_received(self) -> int:
        return self.log_of("mail server").stat().st_size


@contextlib.contextmanager
def started() -> Iterator[Servers]:
    """Starts everything but web server and worker, and stops everything at the end."""
    with contextlib.ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="samen-", ignore_cleanup_errors=True)))
        folder.chmod(0o755)  # PostgreSQL may run as another user
        servers = Servers(folder=folder, running=running)
        servers.start()
        yield servers


def _arguments_of_the_worker(folder: Path) -> list[str]:
    house = supervisor.House(
        root=sources.ROOT,
        data_dir=folder,
        host="127.0.0.1",
        port=8000,
        redis_url="",
        is_demo=False,
        environment={},
    )
    return dict(supervisor._programs(house))["worker"]


def wait_until_open(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), contextlib.closing(_connect(port)) as connection:
            connection.request("GET", "/")
            if connection.getresponse().status == HTTPStatus.OK:
                return
        time.sleep(0.02)
    raise UnableToMeasure(f"The web server did not answer:\n{log.read_text()[-2000:]}")


def _connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=5)
