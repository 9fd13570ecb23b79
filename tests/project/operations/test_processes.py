import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from project.operations.services import processes

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_for(path: Path) -> str:
    deadline = time.monotonic() + 10
    while not (words := path.read_text() if path.exists() else ""):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return words


def test_start_makes_a_session_of_its_own(tmp_path: Path) -> None:
    process = processes.start(command=["sleep", "60"], output=tmp_path / "log")

    assert os.getsid(process.pid) == process.pid != os.getsid(0)
    processes.stop(process=process)
    assert process.returncode == -signal.SIGTERM


def test_stop_kills_the_stubborn_with_its_children(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = processes.start(command=[sys.executable, "-c", STUBBORN], output=log)
    grandchild = int(wait_for(log))

    processes.stop(process=process, grace=0.1)

    assert process.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 10
    while is_alive(grandchild):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_stop_of_what_has_ended_does_nothing(tmp_path: Path) -> None:
    process = processes.start(command=["true"], output=tmp_path / "log")
    process.wait()

    processes.stop(process=process)

    assert process.returncode == 0


def test_child_dies_with_its_parent(tmp_path: Path) -> None:
    code = (
        "from project.operations.services import processes; print(processes.start(command=['sleep', '60']).pid, "
        "flush=True)"
    )

    parent = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code

    deadline = time.monotonic() + 10
    while is_alive(int(parent.stdout)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
