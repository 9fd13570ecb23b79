from registrations.adapters.accounts import AccountAdapter, fulfil_wish, remember_wish, wished_session

__all__ = ["AccountAdapter", "fulfil_wish", "remember_wish", "wished_session"]
