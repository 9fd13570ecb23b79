"""Child processes that never outlive us: of `manage.py up`, and of the tests.

Every child leads a session of its own, so that a Ctrl-C in the terminal reaches only us and we choose the order of stopping; and the kernel (Linux) signals
it when we die, so that even SIGKILL leaves nothing running. Imports nothing of Django: the tests use it before there are settings.
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
    """Start `command` as our child. `output` takes what it prints, else it shares our terminal; `become` runs in the child before the program does;
    `farewell` is the signal it gets when we die, one on which it ends its own children too.
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
    """Ask the kernel to signal this process when its parent dies. Elsewhere than on Linux there is no such thing."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(farewell))


def stop(*, process: subprocess.Popen[bytes], ask: signal.Signals = signal.SIGTERM, grace: float = 15.0) -> None:
    """Ask once, wait `grace` seconds, then kill the whole session, so that a grandchild cannot stay behind either."""
    if process.poll() is None:
        process.send_signal(ask)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=grace)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
