from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from registrations.adapters import lmtp

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Receives email over LMTP until it is stopped, from an email server on this machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--socket", default="", help="a socket file, which the email server may write to")
        parser.add_argument("--port", type=int, default=0, help="or a port of the loopback address")

    def handle(self, *_args: Any, **options: Any) -> None:
        if bool(options["socket"]) == bool(options["port"]):
            raise CommandError("Name either --socket or --port.")
        asyncio.run(_serve(options["socket"], options["port"]))


async def _serve(path: str, port: int) -> None:
    server = await lmtp.serve(path=path, port=port)
    async with server:
        await server.serve_forever()
