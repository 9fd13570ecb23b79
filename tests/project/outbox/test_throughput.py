"""The CPU that a mail takes, of ten thousand, and that memory does not grow with their number (quality.md, "Speed and
size").
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services import delivery
from tests import houses
from tests.architecture import sources
from tests.project.outbox.support.crowd import confirm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import Settings

DEEP = bool(os.environ.get("TEST_DEEP"))
MAILS = 10_000 if DEEP else 200
WARM_UP = MAILS // 10
MAX_CPU_MS = 15.0  # quality.md; checked only by `make test-deep`, because a busy machine makes CPU times longer
MAX_GROWTH_MB = 8.0


@pytest.fixture
def sink(settings: Settings) -> Iterator[None]:
    """Runs a mail server in its own process, so that its CPU is not counted as ours."""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", houses.free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    command = [sys.executable, "-m", "tests.bench.sides.mailserver", str(settings.EMAIL_PORT)]
    with subprocess.Popen(command, cwd=sources.ROOT, stdout=subprocess.DEVNULL) as server:  # noqa: S603  # our own words
        _wait_until_it_answers(settings.EMAIL_PORT)
        yield
        server.terminate()


def _wait_until_it_answers(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("The email server did not start.")


def memory_mb() -> float:
    """Returns the megabytes of this process only, without its children, the database and the mail server."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("sink")
def test_many_mails_take_little_cpu_and_no_memory(capsys):
    confirm(MAILS)
    delivery.deliver_due(now=timezone.now(), at_most=WARM_UP)
    memory, cpu, began = memory_mb(), time.process_time(), time.monotonic()

    tried = delivery.deliver_due(now=timezone.now(), seconds=3600)

    seconds, cpu_ms = time.monotonic() - began, (time.process_time() - cpu) * 1000 / tried
    growth = memory_mb() - memory
    with capsys.disabled():
        print(f"\n{tried} mails: {tried / seconds:.0f} a second, {cpu_ms:.1f} ms CPU each, {growth:+.1f} MB")  # noqa: T201
    assert set(Message.objects.values_list("status", "last_error")) == {(MessageStatus.SENT.value, "")}
    assert growth < MAX_GROWTH_MB
    if DEEP:
        assert cpu_ms <= MAX_CPU_MS
