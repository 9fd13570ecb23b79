"""What only the user who runs Samen may read: the database, the mails, and whatever else is kept in `DATA_DIR` (specs/privacy.md 7)."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ONLY_OURS = 0o077  # the umask that takes every right from everybody else
FOLDER, FILE = 0o700, 0o600


def make_private(folder: Path) -> Path:
    """Makes the folder where it is missing, and closes it to everybody else.

    A folder that belongs to somebody else, or one for everybody such as `/tmp`, is left as it is.
    """
    folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX:
        folder.chmod(FOLDER)
    return folder


def close_files(files: Iterable[Path]) -> None:
    """Repairs files that an older release, or a generous umask, left readable for others."""
    for file in files:
        if file.is_file() and not file.is_symlink() and file.stat().st_uid == os.geteuid():
            file.chmod(FILE)
