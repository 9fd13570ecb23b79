"""Child processes that never outlive us, for `manage.py up` and the tests.

Each child leads a session of its own, so that Ctrl-C in the terminal reaches only us, and we choose the order of
stopping. On Linux the kernel signals it when we die, so that even SIGKILL leaves nothing running. Imports nothing of
Django: the tests use it before there are settings.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1


def start(
    *,
    command: Sequence[str | Path],
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: Path | None = None,
    become: Callable[[], None] | None = None,
    farewell: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Starts `command` as our child.

    Its output is appended to `output`, or goes to our terminal. `become` runs in the child before the program does.
    `farewell` is the signal it gets when we die; the program must end its own children on it.
    """

    def prepare() -> None:  # pragma: no cover - runs between fork and exec, where nothing can be measured
        if become is not None:
            become()
        die_with_parent(farewell)  # last, because a change of user clears it

    with contextlib.ExitStack() as files:
        out = files.enter_context(output.open("ab")) if output else None
        return subprocess.Popen(  # noqa: S603 - the commands are ours, no shell
            [str(part) for part in command],
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            preexec_fn=prepare,  # noqa: PLW1509 - there are no threads yet when children are started
        )


def die_with_parent(farewell: signal.Signals) -> None:
    """Asks the kernel to signal this process when its parent dies. Does nothing except on Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(farewell))


def stop(*, process: subprocess.Popen[bytes], ask: signal.Signals = signal.SIGTERM, grace: float = 15.0) -> None:
    """Sends `ask`, waits `grace` seconds, then kills the whole session, so that no grandchild is left either."""
    if process.poll() is None:
        process.send_signal(ask)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=grace)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
