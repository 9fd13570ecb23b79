from __future__ import annotations

import pytest

from events.enums import EventKind
from events.templatetags.marks import mark
from tests.architecture import sources

STATIC = sources.ROOT / "project/static"


@pytest.mark.parametrize("kind", EventKind.values)
def test_every_kind_has_a_mark_and_a_tint(kind: str) -> None:
    drawn = mark(kind)

    assert f'class="mark mark-{kind.lower()}"' in drawn
    assert 'aria-hidden="true"' in drawn
    assert f'id="mark-{kind.lower()}"' in (STATIC / "icons.svg").read_text()
    assert f".mark-{kind.lower()} {{" in (STATIC / "samen.css").read_text()
