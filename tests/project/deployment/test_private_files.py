"""Files and folders that only the user who runs Samen may read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.mail import EmailMessage

from project.deployment.private_files import close_files, make_private
from project.outbox.adapters import EmlFileBackend
from tests.architecture import sources


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture(autouse=True)
def _permissive_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def test_make_private_removes_permissions_of_others(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)

    assert mode(make_private(folder)) == 0o700
    assert mode(make_private(tmp_path / "new" / "data")) == 0o700


def test_make_private_leaves_a_shared_folder_alone(tmp_path):
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)

    make_private(shared)

    assert mode(shared) == 0o777


def test_close_files_follows_no_symbolic_link(tmp_path):
    outside, link = tmp_path / "outside", tmp_path / "link"
    outside.touch(0o644)
    link.symlink_to(outside)

    close_files([link, tmp_path / "missing"])

    assert mode(outside) == 0o644


def test_mails_are_written_without_permissions_for_others(tmp_path, settings):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")

    EmlFileBackend().send_messages([EmailMessage("A subject", "A body", "a@example.org", ["b@example.org"])])

    assert mode(tmp_path / "mail") == 0o700
    assert [mode(mail) for mail in (tmp_path / "mail").glob("*.eml")] == [0o600]


@pytest.mark.slow
def test_prepare_closes_files_of_an_older_version(tmp_path):
    (tmp_path / "mail").mkdir()
    old = tmp_path / "mail" / "old.eml"
    old.touch(0o644)
    tmp_path.chmod(0o755)
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/samen.sqlite3"}

    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=sources.ROOT, env=environment, check=True, timeout=300)

    assert mode(tmp_path) == 0o700
    assert mode(old) == 0o600
    assert mode(tmp_path / "samen.sqlite3") == 0o600
