from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from registrations.services.seats.audit import INVARIANTS, audit_seats

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Checks every seat invariant on the live data; read-only. Exit 1 with the offending ids if one is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        findings = audit_seats(now=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(findings, indent=2))
        else:
            self._print(findings)
        if findings:
            sys.exit(1)

    def _print(self, findings: dict[str, list[str]]) -> None:
        for name, keys in findings.items():
            self.stdout.write(f"{name.replace('_', ' ')}:")
            self.stdout.writelines(f"  {key}" for key in keys)
        if not findings:
            self.stdout.write(f"{len(INVARIANTS)} invariants hold.")
