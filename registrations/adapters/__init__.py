from registrations.adapters.accounts import AccountAdapter
from registrations.adapters.wished import (
    ask_for_dates,
    fulfil_wish,
    make_choices,
    remember_wish,
    tell_when_announced,
    wished,
)

__all__ = [
    "AccountAdapter",
    "ask_for_dates",
    "fulfil_wish",
    "make_choices",
    "remember_wish",
    "tell_when_announced",
    "wished",
]
