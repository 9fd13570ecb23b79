"""Permissions of what only the user who runs Samen may read: everything in `DATA_DIR`, such as the database and the
mails (specs/privacy.md 7).
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ONLY_OURS = 0o077  # umask: no permissions for group and others
FOLDER, FILE = 0o700, 0o600


def make_private(folder: Path) -> Path:
    """Creates the folder if it is missing, and removes all permissions of other users.

    Leaves a folder as it is if it belongs to somebody else, or is shared (has the sticky bit) like `/tmp`.
    """
    folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX:
        folder.chmod(FOLDER)
    return folder


def close_files(files: Iterable[Path]) -> None:
    """Makes files private that an older version, or a permissive umask, left readable for others. Leaves symbolic links
    and files of other users alone.
    """
    for file in files:
        if file.is_file() and not file.is_symlink() and file.stat().st_uid == os.geteuid():
            file.chmod(FILE)
