"""`python -m tests.bench`: start the servers, measure, print."""

from __future__ import annotations

import os
import sys
import time

import django

from tests.bench.sides import servers


def main() -> None:
    begun = time.monotonic()
    with servers.started() as running:
        os.environ.update(running.environment(database="samen", who="bench") | {"LOG_LEVEL": "WARNING"})
        running.run_python(["manage.py", "prepare"], dict(os.environ))
        django.setup()
        # Models can be imported only once the settings can name the servers.
        from tests.bench import measurements  # noqa: PLC0415 - see above

        measurements.run(running, say)
    say(f"Measured in {time.monotonic() - begun:.0f} s.")


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main()
    except servers.UnableToMeasure as error:
        sys.exit(str(error))
