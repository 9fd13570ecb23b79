from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.rules.figures import Share, share
from project.dashboard.rules.protection import (
    decode_share,
    encode_share,
    rate,
    response_floor,
    rounded_percent,
    shown_count,
)


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, None),
        (1, None),
        (9, None),
        (10, 10),
        (12, 10),
        (13, 15),
        (17, 15),
        (18, 20),
        (22, 20),
        (23, 25),
        (1003, 1005),
    ],
)
def test_shown_count_hides_below_ten_and_rounds_to_five(count: int, shown: int | None) -> None:
    assert shown_count(count) == shown


@pytest.mark.parametrize(("count", "shown"), [(19, None), (20, 20), (22, 20), (23, 25)])
def test_shown_count_of_support_begins_at_twenty(count: int, shown: int | None) -> None:
    assert shown_count(count, threshold=20) == shown


@given(st.integers(min_value=0, max_value=10**7))
def test_shown_count_is_within_two_of_the_count(count: int) -> None:
    shown = shown_count(count)

    assert (shown is None) == (count < 10)
    assert shown is None or (shown % 5 == 0 and abs(shown - count) <= 2)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (None, 100, None),
        (10, None, None),
        (10, 20, None),
        (10, 25, 40),
        (15, 45, 35),
        (15, 50, 30),
        (35, 250, 14),
        (85, 120, 71),
        (130, 120, 108),
        (0, 25, 0),
    ],
)
def test_rate_needs_both_numbers_and_twenty_five(part: int | None, whole: int | None, percent: int | None) -> None:
    assert rate(part, whole) == percent


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(1, 40, 5), (3, 40, 10), (1, 200, 1), (1, 201, 0), (49, 49, 100)]
)
def test_rounded_percent_rounds_half_up(part: int, whole: int, percent: int) -> None:
    assert rounded_percent(part, whole) == percent


@pytest.mark.parametrize(
    ("part", "whole", "value", "told"),
    [(0, 20, 4, "< 5 %"), (1, 20, 5, "5 %"), (12, 20, 60, "60 %"), (20, 20, 96, "> 95 %"), (2, 100, 4, "< 5 %")],
)
def test_encode_share_can_be_decoded(part: int, whole: int, value: int, told: str) -> None:
    kept = encode_share(share(part, whole))

    assert kept == value
    assert str(decode_share(kept)) == told


@given(st.sampled_from([Share(5, "<"), Share(95, ">"), *(Share(percent) for percent in range(5, 96))]))
def test_decode_share_is_the_inverse_of_encode_share(told: Share) -> None:
    assert decode_share(encode_share(told)) == told


@pytest.mark.parametrize(
    ("answers", "ballots", "floor"), [(8, 24, None), (8, 40, 0), (10, 40, 25), (29, 40, 50), (30, 40, 75), (40, 40, 75)]
)
def test_response_floor_is_in_steps_of_25_percent(answers: int, ballots: int, floor: int | None) -> None:
    assert response_floor(answers, ballots) == floor
