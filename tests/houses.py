"""The product as a newcomer has it, for tests that start it as real processes."""

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
    """SQLite in `data_dir`, an embedded broker, the demo; the static files of these tests, because compressing them takes seconds."""
    kept = {name: value for name, value in os.environ.items() if name not in FORGOTTEN}
    return kept | {"DEMO": "1", "DATA_DIR": str(data_dir), "STATIC_ROOT": settings.STATIC_ROOT}


def prepare(data_dir: Path) -> None:
    """Load the demo into a folder that is there."""
    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=sources.ROOT, env=environment(data_dir), check=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
