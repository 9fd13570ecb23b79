from registrations.emails.kinds import KINDS
from registrations.emails.links import cancel_link, keep_link, offer_link
from registrations.emails.wording.promotion import promotion_sentence, promotion_steps

__all__ = ["KINDS", "cancel_link", "keep_link", "offer_link", "promotion_sentence", "promotion_steps"]
