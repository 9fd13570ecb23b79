"""`manage.py up` as a real process with real children."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from project.operations.services import supervisor
from tests import houses
from tests.architecture import sources

PARTS = ("valkey-server", "granian", "worker", "beat")
PATIENCE_SECONDS = 60.0


@dataclass
class Running:
    process: subprocess.Popen[str]
    port: int
    log: Path

    def tree(self) -> dict[int, str]:
        """Every descendant that is alive, and its command line."""
        return {pid: words for pid, words in _descendants(self.process.pid).items() if words}

    def ask(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.closing(connection):
            connection.request("GET", path)
            return connection.getresponse().status

    def wait_until_open(self) -> None:
        _wait_until(lambda: "Samen is open" in self.log.read_text() or self.process.poll() is not None)
        assert self.process.poll() is None, self.log.read_text()


Up = Callable[..., Running]


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _descendants(pid: int) -> dict[int, str]:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
        below = {child: _command(child) for child in children}
        return below | {child: words for parent in children for child, words in _descendants(parent).items()}
    return {}


def _command(pid: int) -> str:
    """Empty when the process is gone, or only waits to be buried."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


def _is_gone(tree: dict[int, str]) -> bool:
    return not any(_command(pid) == words for pid, words in tree.items())


@pytest.fixture
def up(tmp_path: Path, prepared: Path) -> Iterator[Up]:
    """Starts `manage.py up` on SQLite in a folder with a space; whatever a test leaves running is killed."""
    started: list[Running] = []

    def start(*, port: int | None = None, data_dir: Path | None = None) -> Running:
        data_dir = data_dir or tmp_path / "the data"
        if not data_dir.exists():
            shutil.copytree(prepared, data_dir)
        environment = houses.environment(data_dir) | {"PORT": str(port or houses.free_port()), "TMPDIR": str(tmp_path)}
        log = tmp_path / f"up{len(started)}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=sources.ROOT,
                env=environment,
                stdout=output,
                stderr=output,
                text=True,
            )
        started.append(Running(process, int(environment["PORT"]), log))
        return started[-1]

    yield start
    for running in started:
        left = running.tree()
        running.process.kill()
        running.process.wait()
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_opens_and_stops_when_asked(up: Up, tmp_path: Path, number: signal.Signals) -> None:
    running = up()
    running.wait_until_open()
    tree = running.tree()

    assert running.ask("/health/live") == 200
    assert running.ask("/health/ready") == 200
    assert f"http://127.0.0.1:{running.port}/demo/" in running.log.read_text()
    assert "student@demo.example" in running.log.read_text()
    assert all(any(part in words for words in tree.values()) for part in PARTS), tree

    running.process.send_signal(number)

    assert running.process.wait(PATIENCE_SECONDS) == 0, running.log.read_text()
    assert _is_gone(tree)
    assert running.log.read_text().endswith("Stopped.\n")
    assert list(tmp_path.glob("samen-*")) == []


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_up_ends_when_a_part_of_it_dies(up: Up, part: str) -> None:
    running = up()
    running.wait_until_open()
    tree = running.tree()
    victim = next(pid for pid, words in tree.items() if part in words)

    os.kill(victim, signal.SIGKILL)

    assert running.process.wait(PATIENCE_SECONDS) == 1
    assert _is_gone(tree)
    assert "ended by itself" in running.log.read_text()


@pytest.mark.slow
def test_up_leaves_nothing_when_it_is_killed(up: Up) -> None:
    running = up()
    running.wait_until_open()
    tree = running.tree()

    running.process.kill()

    _wait_until(lambda: _is_gone(tree))


@pytest.mark.slow
def test_up_stops_while_it_prepares(up: Up) -> None:
    running = up()
    _wait_until(lambda: "Preparing" in running.log.read_text())
    tree = running.tree()

    running.process.send_signal(signal.SIGINT)

    assert running.process.wait(PATIENCE_SECONDS) == 0
    assert _is_gone(tree)


@pytest.mark.slow
def test_up_refuses_a_taken_port_before_it_starts_anything(up: Up, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        running = up(port=port)

        assert running.process.wait(PATIENCE_SECONDS) == 1
    assert f"Port {port} on 127.0.0.1 is taken" in running.log.read_text()
    assert f"PORT={port + 1}" in running.log.read_text()
    assert "Preparing" not in running.log.read_text()


@pytest.mark.slow
def test_up_refuses_a_folder_that_is_in_use(up: Up) -> None:
    first = up()
    first.wait_until_open()

    second = up()

    assert second.process.wait(PATIENCE_SECONDS) == 1
    assert "already runs" in second.log.read_text()
    assert first.ask("/health/live") == 200


@pytest.mark.slow
def test_up_runs_beside_a_second_one(up: Up, tmp_path: Path) -> None:
    first = up()
    second = up(data_dir=tmp_path / "other")

    first.wait_until_open()
    second.wait_until_open()

    assert first.ask("/health/ready") == second.ask("/health/ready") == 200


@pytest.mark.parametrize("port", [-1, 0, 65_536])
def test_refuse_taken_port_refuses_what_is_no_port(port: int) -> None:
    with pytest.raises(supervisor.UnableToRun) as refusal:
        supervisor.refuse_taken_port(host="127.0.0.1", port=port)

    assert refusal.value.code == "port-refused"
