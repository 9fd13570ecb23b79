"""Runs everything that Samen consists of as one process tree: broker, web server, worker and scheduler. For the demo
only.

If one of them ends, all are stopped: an incomplete installation would look healthy and send no mail. They are stopped
in reverse order, so that none loses what it depends on.
"""

import contextlib
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from project.deployment.private_files import make_private
from project.operations.services import broker, processes, web

START_SECONDS = 60.0
LOOK_SECONDS = 0.1


class UnableToRun(Exception):
    """Raised when nothing runs (any more). `code` is `port-taken`, `port-refused`, `already-running`, `no-broker`,
    `child-died` or `no-answer`; the text is for a terminal.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class House:
    """What to run, and where. With an empty `redis_url`, the embedded broker is started."""

    root: Path
    data_dir: Path
    host: str
    port: int
    redis_url: str
    is_demo: bool
    environment: dict[str, str] = field(repr=False)  # holds secrets

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"


def run(*, house: House, say: Callable[[str], None], welcome: Callable[[], None]) -> None:
    """Runs everything until somebody asks to stop. Calls `welcome` once the web server answers.

    Raises `UnableToRun`: before anything is started if the port or the folder is taken, and after everything was
    stopped if a part of it died.
    """
    refuse_taken_port(host=house.host, port=house.port)
    with _only_one_in(house.data_dir), _stop_signals() as asked, contextlib.ExitStack() as running:
        tree = Tree(house=house, asked=asked, running=running)
        running.callback(say, "Stopped.")
        try:
            tree.start_broker()
            tree.finish("preparation", ["-m", "django", "prepare"])
            for name, arguments in _programs(house):
                tree.start(name, arguments)
            tree.wait_until_it_answers()
            welcome()
            tree.watch()
        except StopRequested:
            say("\nStopping.")


class StopRequested(Exception):
    """Somebody asked to stop, by Ctrl-C or a signal."""


@dataclass(kw_only=True)
class Tree:
    """The running children, each stopped when `running` closes."""

    house: House
    asked: threading.Event
    running: contextlib.ExitStack
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_broker(self) -> None:
        """Starts the embedded broker if no other is configured. It stores nothing on disk; the outbox does."""
        if self.house.redis_url:
            return
        folder = self.running.enter_context(tempfile.TemporaryDirectory(prefix="samen-", ignore_cleanup_errors=True))
        try:
            process, url = broker.start(directory=Path(folder))
        except broker.UnableToStartBroker as error:
            raise UnableToRun("no-broker", str(error)) from error
        self._keep("broker", process)
        self.house.environment["REDIS_URL"] = url

    def start(self, name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
        process = processes.start(command=[sys.executable, *arguments], env=self.house.environment, cwd=self.house.root)
        self._keep(name, process)
        return process

    def _keep(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self.children[name] = process
        self.running.callback(processes.stop, process=process)

    def finish(self, name: str, arguments: list[str]) -> None:
        """Runs a child to its end. Raises `UnableToRun` if it fails."""
        process = self.start(name, arguments)
        while process.poll() is None:
            self._pause()
        if process.returncode != 0:
            raise UnableToRun(
                "child-died", f"The {name} failed with exit code {process.returncode}; its words are above."
            )
        del self.children[name]

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if _is_alive(self.house):
                return
            self._look()
        raise UnableToRun("no-answer", f"The web server did not answer within {START_SECONDS:.0f} seconds.")

    def watch(self) -> None:
        """Watches the children for ever. Raises `StopRequested`, or `UnableToRun` if a child ends."""
        while True:
            self._look()

    def _look(self) -> None:
        for name, process in self.children.items():
            if process.poll() is not None:
                raise UnableToRun(
                    "child-died",
                    f"The {name} ended by itself with exit code {process.returncode}, so everything was stopped.",
                )
        self._pause()

    def _pause(self) -> None:
        if self.asked.wait(LOOK_SECONDS):
            raise StopRequested


def _programs(house: House) -> list[tuple[str, list[str]]]:
    """Returns name and arguments of each program. The worker uses threads instead of processes, because it mostly waits
    for a mail server, and one process is stopped cleanly.
    """
    celery = ["-m", "celery", "--app=project.celery", "--quiet"]
    quiet = ["-W", "ignore:You're running the worker with superuser"] if house.is_demo else []
    worker = ["--without-mingle", "--without-gossip", "--pool=threads", "--concurrency=2", "--loglevel=WARNING"]
    beat = [f"--schedule={house.data_dir / 'beat-schedule'}", "--pidfile=", "--loglevel=WARNING"]
    return [
        ("web server", web.arguments(host=house.host, port=house.port)),
        ("worker", [*quiet, *celery, "worker", *worker]),
        ("scheduler", [*celery, "beat", *beat]),
    ]


def refuse_taken_port(*, host: str, port: int) -> None:
    """Raises `UnableToRun` if the web server could not listen there."""
    if not 0 < port < 2**16:
        raise UnableToRun("port-refused", f"{port} is no port. Choose one from 1024 to 65535.")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise UnableToRun(
                "port-refused", f"This user may not listen on port {port}. Choose one above 1023."
            ) from error
        except OSError as error:
            text = f"Port {port} on {host} is taken by another program. Choose another: PORT={port + 1} make run"
            raise UnableToRun("port-taken", text) from error


@contextlib.contextmanager
def _only_one_in(data_dir: Path) -> Iterator[None]:
    make_private(data_dir)
    with (data_dir / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            text = (
                f"Samen already runs on the data in {data_dir}. "
                "Choose another folder, for example: DATA_DIR=/tmp/samen-data make run"
            )
            raise UnableToRun("already-running", text) from error
        yield


@contextlib.contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """Turns the signals that end a program into an event, which several of them set only once."""
    asked = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        asked.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_alive(house: House) -> bool:
    connection = http.client.HTTPConnection(house.host, house.port, timeout=5)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/health/live", headers={"Host": "localhost"})
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    return False


def inherited_environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings"}
