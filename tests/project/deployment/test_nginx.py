"""The configuration in `docs/nginx.conf`, tried with a real nginx."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from project.operations.services import processes
from tests import houses
from tests.architecture import sources

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
PATIENCE_SECONDS = 20.0
SECRET = "a-secret-that-opens-a-calendar"

pytestmark = pytest.mark.skipif(not NGINX, reason="no nginx here")


@dataclass(frozen=True)
class Proxy:
    folder: Path
    port: int
    behind: socket.socket  # where Samen would listen

    @property
    def configuration(self) -> Path:
        return self.folder / "nginx.conf"

    @property
    def log(self) -> str:
        return (self.folder / "samen.log").read_text()

    def connect(self) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=self.folder / "fullchain.pem")
        return context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS),
            server_hostname="samen.example.org",
        )


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)  # the workers of nginx may run as another user
    with socket.create_server(("127.0.0.1", 0)) as behind:
        behind.settimeout(PATIENCE_SECONDS)
        made = Proxy(folder, houses.free_port(), behind)
        _make_certificate(folder)
        made.configuration.write_text(_configuration(made))
        process = processes.start(
            command=[str(NGINX), "-e", "stderr", "-c", made.configuration, "-g", "daemon off;"],
            output=folder / "nginx.log",
        )
        try:
            _wait_until_open(made, process)
            yield made
        finally:
            processes.stop(process=process)


def _make_certificate(folder: Path) -> None:
    making = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=samen.example.org"]
    names = ["-addext", "subjectAltName=DNS:samen.example.org"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([*making, *names, *files], check=True, capture_output=True)  # noqa: S603  # our own words


def _configuration(proxy: Proxy) -> str:
    """Returns the documented configuration with other ports and folders."""
    configuration = (sources.ROOT / "docs/nginx.conf").read_text()
    http, https, behind = houses.free_port(), proxy.port, proxy.behind.getsockname()[1]
    for theirs, ours in {
        "/etc/ssl/samen": str(proxy.folder),
        "/var/log/nginx": str(proxy.folder),
        "127.0.0.1:8000": f"127.0.0.1:{behind}",
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{https} ssl http2;",
        "listen [::]:443 ssl http2;": "",
    }.items():
        assert theirs in configuration
        configuration = configuration.replace(theirs, ours)
    rooms = "".join(f"{name}_temp_path {proxy.folder}/{name};" for name in ("client_body", "proxy"))
    return f"pid {proxy.folder}/nginx.pid;\n" + configuration.replace("http {", f"http {{ {rooms}", 1)


def _wait_until_open(proxy: Proxy, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        assert process.poll() is None, (proxy.folder / "nginx.log").read_text()
        assert time.monotonic() < deadline
        with contextlib.suppress(ConnectionRefusedError), proxy.connect():
            return
        time.sleep(0.05)


def request(path: str, *headers: str, method: str = "GET") -> bytes:
    head = [f"{method} {path} HTTP/1.1", "Host: samen.example.org", "Connection: close", *headers]
    return "\r\n".join([*head, "", ""]).encode()


def received(proxy: Proxy) -> str:
    """Returns what nginx sends to Samen, and answers it with a success."""
    connection, _ = proxy.behind.accept()
    with connection:
        connection.settimeout(PATIENCE_SECONDS)
        head = connection.recv(65_536).decode()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    return head


def test_a_body_reaches_samen_only_when_complete(proxy: Proxy) -> None:
    with proxy.connect() as slow:
        slow.sendall(request("/", "Content-Length: 10", method="POST") + b"a" * 9)
        proxy.behind.settimeout(1)
        with pytest.raises(TimeoutError):
            proxy.behind.accept()
        proxy.behind.settimeout(PATIENCE_SECONDS)

        slow.sendall(b"z")

        assert received(proxy).endswith("\r\n\r\naaaaaaaaaz")
        assert slow.recv(4096).startswith(b"HTTP/1.1 200")


def test_forwarding_headers_of_visitors_are_overwritten(proxy: Proxy) -> None:
    with proxy.connect() as liar:
        liar.sendall(
            request("/", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: http", "X_Forwarded_For: 192.0.2.1")
        )

        head = received(proxy)

    assert "X-Forwarded-For: 127.0.0.1\r\n" in head
    assert "X-Forwarded-Proto: https\r\n" in head
    assert "Host: samen.example.org\r\n" in head
    assert "192.0.2.1" not in head


def test_a_body_that_is_too_large_is_refused_by_the_proxy(proxy: Proxy) -> None:
    with proxy.connect() as sender:
        sender.sendall(request("/", "Content-Length: 3000000", method="POST"))

        assert sender.recv(4096).startswith(b"HTTP/1.1 413")


def test_a_picture_of_an_event_may_be_larger(proxy: Proxy) -> None:
    """Instead of refusing it at once, nginx waits for the body."""
    with proxy.connect() as organizer:
        organizer.sendall(request("/organise/events/talk/edit/", "Content-Length: 3000000", method="POST"))
        organizer.settimeout(1)

        with pytest.raises(TimeoutError):
            organizer.recv(4096)


def test_secrets_in_addresses_stay_out_of_the_log(proxy: Proxy) -> None:
    with proxy.connect() as calendar:
        calendar.sendall(request(f"/feeds/my/{SECRET}.ics"))
        received(proxy)
        calendar.recv(4096)

    deadline = time.monotonic() + PATIENCE_SECONDS
    while '/feeds/my/..."' not in proxy.log:
        assert time.monotonic() < deadline, proxy.log
        time.sleep(0.05)
    assert SECRET not in proxy.log
