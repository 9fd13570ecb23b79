from __future__ import annotations

import os
import subprocess
import sys

import pytest

STEP_ASIDE = """
import os, threading
from celery.signals import worker_init
from project.celery import app
before = os.nice(0)
worker_init.send(sender=None)
niceness = []
thread = threading.Thread(target=lambda: niceness.append(os.nice(0)))
thread.start()
thread.join()
print(niceness[0] - before)
"""


@pytest.mark.parametrize(("chosen", "expected"), [({}, 10), ({"WORKER_NICENESS": "0"}, 0)])
def test_all_threads_of_the_worker_have_a_lower_priority(chosen, expected):
    """In a process of its own, because a process cannot raise its priority again."""
    environment = {name: value for name, value in os.environ.items() if name != "WORKER_NICENESS"} | chosen

    ran = subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", STEP_ASIDE], env=environment, capture_output=True, text=True, check=True
    )

    assert int(ran.stdout) == expected
