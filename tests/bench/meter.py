"""CPU time and memory of a process and its descendants, as the kernel counts them."""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
# Positions after the name of the program in /proc/<pid>/stat, see proc(5).
PARENT, TIMES = 1, slice(11, 15)  # utime, stime, and those of ended children, such as connections of the database


def cpu_ms(*roots: int) -> float:
    """Returns the milliseconds of CPU, user and system, that these processes and their descendants have used."""
    stats = _stats()
    pids = {pid for root in roots for pid in _family(root, stats)}
    return sum(sum(map(int, stats[pid][TIMES])) for pid in pids) * 1000 / TICKS


def memory_mb(root: int) -> float:
    """Returns the megabytes of a process and its descendants; shared pages count once."""
    return sum(_proportional_kb(pid) for pid in _family(root, _stats())) / 1024


def _proportional_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _family(root: int, stats: dict[int, list[str]]) -> list[int]:
    children = defaultdict(list)
    for pid, stat in stats.items():
        children[int(stat[PARENT])].append(pid)
    family = [root]
    for pid in family:
        family += children[pid]
    return family


def _stats() -> dict[int, list[str]]:
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            found[int(path.parent.name)] = path.read_text().rpartition(")")[2].split()
    return found
