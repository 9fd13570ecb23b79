from registrations.emails.announcements import render_access_granted, render_dates_announced
from registrations.emails.links import cancel_link, offer_link, offered_registration_key_of, registration_key_of
from registrations.emails.promotion import promotion_sentence
from registrations.emails.registration import render

__all__ = [
    "cancel_link",
    "offer_link",
    "offered_registration_key_of",
    "promotion_sentence",
    "registration_key_of",
    "render",
    "render_access_granted",
    "render_dates_announced",
]
