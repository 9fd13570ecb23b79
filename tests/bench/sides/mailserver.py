"""An SMTP server that accepts every mail and keeps none. It prints a dot for each, so that they can be counted.

`python -m tests.bench.sides.mailserver PORT`
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from aiosmtpd.smtp import SMTP


class Sink:
    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802  # the name aiosmtpd calls
        sys.stdout.write(".")
        sys.stdout.flush()
        return "250 OK"


async def serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(), hostname="localhost", loop=loop), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
