"""Prepared statements and pipelines are harder to read than querysets, so each place that uses them has a reason."""

from __future__ import annotations

import ast
from collections import Counter

from tests.architecture import sources

CLEVER = ("PreparedRead", "PreparedInsert", "together")
ALLOWED = {
    # Every request of a signed-in person.
    "project/accounts/adapters.py": {"PreparedRead": 2},
    # Under the lock of the event, where others wait.
    "project/outbox/services/messages.py": {"PreparedInsert": 1},
    "registrations/services/calendar/invites.py": {"PreparedInsert": 1},
    "registrations/services/lock.py": {"PreparedRead": 1},
    "registrations/services/seats/availability.py": {"PreparedRead": 4, "together": 1},
    "registrations/services/seats/claims.py": {"PreparedInsert": 2, "together": 2},
    # The pages that everybody opens.
    "registrations/services/pages/catalogue.py": {"PreparedRead": 5},
    "registrations/services/pages/standings.py": {"PreparedRead": 1},
    # Mails, at most 15 ms of CPU each. Querysets cost 59 % more: 37 %, 31 % and 11 % where only the one of this file is
    # a queryset.
    "registrations/emails/registration.py": {"PreparedRead": 1},
    "registrations/emails/wording/clashes.py": {"PreparedRead": 1},
    "registrations/emails/wording/custom_texts.py": {"PreparedRead": 1},
}


def _uses(tree: ast.Module) -> Counter[str]:
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    names = (func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in calls)
    return Counter(name for name in names if name in CLEVER)


def test_prepared_statements_are_used_only_where_they_pay() -> None:
    importing = [
        path
        for path in sources.modules()
        if any(name.startswith("project.database.prepared") for name in sources.imports(path))
    ]

    assert {sources.name(path): dict(_uses(sources.tree(path))) for path in importing} == ALLOWED
