"""Why an organiser decided something."""

from __future__ import annotations

import pytest

from events.services.refusals import UnableToChange
from registrations.services import reasons


def test_a_reason_is_kept_without_what_nobody_sees():
    assert reasons.legible("  The room\u200b is small.  ") == reasons.required("The room is small.")


@pytest.mark.parametrize(
    ("reason", "code"),
    [("", "reason-missing"), (" \u200b ", "reason-missing"), ("x" * (reasons.LONGEST_REASON + 1), "reason-too-long")],
)
def test_required_refuses(reason, code):
    with pytest.raises(UnableToChange) as refusal:
        reasons.required(reason)

    assert (refusal.value.code, refusal.value.field) == (code, "reason")


def test_the_longest_reason_is_kept_whole():
    longest = "x" * reasons.LONGEST_REASON

    assert reasons.required(longest) == longest
