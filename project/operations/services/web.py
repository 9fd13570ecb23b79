"""How the web server is started: the only place with its flags, for `manage.py up`, the documentation and the tests."""

APPLICATION = "project.asgi:application"
HEADER_SECONDS = 15  # for request headers; bodies are limited by project.web.bodies
MAX_CONNECTIONS = 1024  # per worker, including waiting ones
FLAGS = (
    "--interface=asginl",
    "--http=1",
    "--no-ws",
    f"--http1-header-read-timeout={HEADER_SECONDS * 1000}",
    f"--backpressure={MAX_CONNECTIONS}",
    "--log-level=warning",
)


def arguments(*, host: str, port: int, workers: int = 1, application: str = APPLICATION) -> list[str]:
    """Returns the arguments of Python to serve `application` at this address."""
    where = [f"--host={host}", f"--port={port}", f"--workers={workers}"]
    return ["-m", "granian", *FLAGS, *where, application]
