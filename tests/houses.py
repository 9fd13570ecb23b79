"""The product as a newcomer has it, for tests that start it as real processes."""

import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests import services
from tests.architecture import sources

# What these tests set, or a developer has set for this run; a newcomer has not.
FORGOTTEN = {*services.ENVIRONMENT, "DATABASE_URL", "TEST_DATABASE_URL", "REDIS_URL", "TEST_REDIS_URL", "HOST"}


def environment(data_dir: Path) -> dict[str, str]:
    """SQLite in `data_dir`, an embedded broker, the demo; the static files of these tests, because compressing them
    takes seconds.
    """
    kept = {name: value for name, value in os.environ.items() if name not in FORGOTTEN}
    return kept | {"DEMO": "1", "DATA_DIR": str(data_dir), "STATIC_ROOT": settings.STATIC_ROOT}


def prepared(shared: Path) -> Path:
    """A data folder in `shared` with the demo in it, loaded by whichever process asks first."""
    data_dir, whole = shared / "prepared", shared / "prepared.whole"
    with (shared / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            data_dir.mkdir(exist_ok=True)
            command = [sys.executable, "manage.py", "prepare"]
            subprocess.run(command, cwd=sources.ROOT, env=environment(data_dir), check=True)  # noqa: S603 - our own command
            whole.touch()
    return data_dir


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
