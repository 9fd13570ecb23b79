"""A real IMAP server for the tests: Dovecot of Debian (`apt-get install dovecot-imapd`), as root or as an ordinary
user.
"""

from __future__ import annotations

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER, PASSWORD = "people", "open/secret"
PROGRAM = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
first_valid_uid = 1
{services}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail
}}
"""
# Without root there is nobody else to become, and nothing to lock oneself into.
UNPRIVILEGED = """
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
service anvil {{
  chroot =
}}
"""


def why_not() -> str:
    """The reason to skip; empty where it can run. Of 2.4 the configuration is written in another way."""
    if PROGRAM is None:
        return "no Dovecot: apt-get install dovecot-imapd"
    said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found above
    return "" if said.stdout.startswith("2.3.") else f"Dovecot {said.stdout.strip()} is not 2.3"


class Server:
    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD.replace('/', '%2F')}@127.0.0.1:{self.port}/INBOX"

    @contextlib.contextmanager
    def opened(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as client:
            client.login(USER, PASSWORD)
            client.select(folder)
            yield client

    def put(self, *mails: bytes) -> None:
        with self.opened() as client:
            for raw in mails:
                status, _ = client.append("INBOX", "", "", raw)
                assert status == "OK"

    def count(self, folder: str) -> tuple[int, int]:
        """All mails, and those that were not read."""
        with self.opened() as client:
            status, said = client.status(folder, "(MESSAGES UNSEEN)")
        if status != "OK":
            return 0, 0
        words = said[0].decode().rpartition("(")[2].rstrip(")").split()
        return int(words[1]), int(words[3])


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Server]:
    assert PROGRAM
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    group = grp.getgrgid(owner.pw_gid).gr_name
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    names = {"folder": folder, "user": owner.pw_name, "group": group, "port": port, "password": PASSWORD}
    services = UNPRIVILEGED.format(**names) if os.geteuid() else ""
    for name in ("run", "state", "mail"):
        (folder / name).mkdir(parents=True)
    if os.geteuid() == 0:
        os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    configuration = folder / "dovecot.conf"
    configuration.write_text(CONFIGURATION.format(services=services, **names))
    process = subprocess.Popen([PROGRAM, "-F", "-c", configuration])  # noqa: S603 - found above
    try:
        _wait(port, folder / "log")
        yield Server(port)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait(port: int, log: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            imaplib.IMAP4("127.0.0.1", port, timeout=5).shutdown()
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text() if log.exists() else "Dovecot did not start")
