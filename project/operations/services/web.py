"""How the web server is started: the one place that names its flags, for `manage.py up`, the documentation and the tests."""

APPLICATION = "project.asgi:application"
HEADER_SECONDS = 15  # for bodies: project.web.bodies
MAX_CONNECTIONS = 1024  # of each worker, waiting ones included
FLAGS = (
    "--interface=asginl",
    "--http=1",
    "--no-ws",
    f"--http1-header-read-timeout={HEADER_SECONDS * 1000}",
    f"--backpressure={MAX_CONNECTIONS}",
    "--log-level=warning",
)


def arguments(*, host: str, port: int, workers: int = 1, application: str = APPLICATION) -> list[str]:
    """What Python is called with to serve `application` at this address."""
    where = [f"--host={host}", f"--port={port}", f"--workers={workers}"]
    return ["-m", "granian", *FLAGS, *where, application]
