"""Collects static files, with hashes in their names and compressed. That takes seconds, so only when something has
changed.
"""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_changed() -> bool:
    """Collects into STATIC_ROOT, unless that was made of the same files already. Returns whether it did."""
    stamp = Path(settings.STATIC_ROOT) / ".made-of"
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)
    return True


def _fingerprint() -> str:
    fingerprint = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            fingerprint.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return fingerprint.hexdigest()
