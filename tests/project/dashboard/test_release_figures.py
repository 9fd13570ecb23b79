from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from project.dashboard.models import Release
from tests.project.dashboard.programme import make_march

pytestmark = pytest.mark.django_db


@time_machine.travel(datetime(2026, 6, 1, 9, 0, tzinfo=UTC), tick=False)
def test_release_figures_prints_what_was_released() -> None:
    make_march()
    output = StringIO()

    call_command("release_figures", "2026-03", stdout=output)

    release = Release.objects.get()
    hidden = release.cells.filter(value=None).count()
    expected = f"released 2026-03: {release.cells.count()} figures, {hidden} not shown, SHA-256 {release.digest}\n"
    assert output.getvalue() == expected
    assert release.released_at == datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


@time_machine.travel(datetime(2026, 4, 2, 9, 0, tzinfo=UTC), tick=False)
def test_release_figures_prints_the_refusal() -> None:
    with pytest.raises(CommandError, match=r"^not-closed-yet: .*2026-04-16"):
        call_command("release_figures", "2026-03")

    assert not Release.objects.exists()


@pytest.mark.parametrize("month", ["2026", "2026-13", "March", "2026-03-01", "0000-01", ""])
def test_release_figures_refuses_an_invalid_month(month: str) -> None:
    with pytest.raises(CommandError, match="is no month"):
        call_command("release_figures", month)

    assert not Release.objects.exists()
