from registrations.emails.addresses import render_address_mail
from registrations.emails.announcements import render_access_granted, render_dates_announced
from registrations.emails.forwarding import render_forwarded
from registrations.emails.hosting import render_hosting
from registrations.emails.links import (
    asked_registration_key_of,
    cancel_link,
    interest_keys_of,
    keep_link,
    kept_registration_key_of,
    offer_link,
    offered_registration_key_of,
    pending_address_key_of,
    registration_key_of,
)
from registrations.emails.notices import render_notice
from registrations.emails.promotion import promotion_sentence
from registrations.emails.registration import render
from registrations.emails.reminders import render_reminder, render_reminders
from registrations.emails.replies import render_reply
from registrations.emails.summary import render_summary

__all__ = [
    "asked_registration_key_of",
    "cancel_link",
    "interest_keys_of",
    "keep_link",
    "kept_registration_key_of",
    "offer_link",
    "offered_registration_key_of",
    "pending_address_key_of",
    "promotion_sentence",
    "registration_key_of",
    "render",
    "render_access_granted",
    "render_address_mail",
    "render_dates_announced",
    "render_forwarded",
    "render_hosting",
    "render_notice",
    "render_reminder",
    "render_reminders",
    "render_reply",
    "render_summary",
]
