"""Everything that Samen consists of, as one process tree: broker, web, worker and scheduler.

Whoever ends first ends all: half a house looks healthy and loses mail. Stopped in reverse order, so that nobody loses what it still needs.
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
    """Nothing runs any more. `code` is `port-taken`, `port-refused`, `already-running`, `no-broker`, `child-died` or `no-answer`; the text is for a terminal."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class House:
    """What to run, and where. An empty `redis_url` asks for the embedded broker."""

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
    """Run the house until somebody asks to stop; `welcome` is called once it answers.

    Raises UnableToRun before anything is started when the port or the folder is taken, and after everything is stopped when a part of it died.
    """
    refuse_taken_port(host=house.host, port=house.port)
    with _only_one_in(house.data_dir), _asked_to_stop() as asked, contextlib.ExitStack() as running:
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
        except Asked:
            say("\nStopping.")


class Asked(Exception):
    """Somebody asked to stop, by Ctrl-C or a signal."""


@dataclass(kw_only=True)
class Tree:
    """The running children, each stopped when `running` closes."""

    house: House
    asked: threading.Event
    running: contextlib.ExitStack
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_broker(self) -> None:
        """Start the embedded broker where no other is named. It keeps nothing: the outbox is what remembers."""
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
        """Run a child to its end; raises UnableToRun if that is a bad end."""
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
        """Wait for ever: ends only by Asked or UnableToRun."""
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
            raise Asked


def _programs(house: House) -> list[tuple[str, list[str]]]:
    """The worker has threads instead of processes: its work is waiting for a mail server, and one process dies cleanly."""
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
    """Raise UnableToRun when the web server could not listen there."""
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
            text = f"Port {port} on {host} is taken by another program. Choose another, for example: PORT={port + 1} make run"
            raise UnableToRun("port-taken", text) from error


@contextlib.contextmanager
def _only_one_in(data_dir: Path) -> Iterator[None]:
    make_private(data_dir)
    with (data_dir / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            text = f"Samen already runs on the data in {data_dir}. Choose another folder, for example: DATA_DIR=/tmp/samen-data make run"
            raise UnableToRun("already-running", text) from error
        yield


@contextlib.contextmanager
def _asked_to_stop() -> Iterator[threading.Event]:
    """Turn the signals that end a program into an event, as often as they come."""
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
