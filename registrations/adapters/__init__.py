from registrations.adapters.accounts import AccountAdapter
from registrations.adapters.pending_sign_up import (
    ask_for_dates,
    complete_sign_up,
    make_choices,
    needs_group_first,
    pending_about,
    remember_sign_up,
    tell_when_announced,
)

__all__ = [
    "AccountAdapter",
    "ask_for_dates",
    "complete_sign_up",
    "make_choices",
    "needs_group_first",
    "pending_about",
    "remember_sign_up",
    "tell_when_announced",
]
