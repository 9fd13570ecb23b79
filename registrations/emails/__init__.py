from registrations.emails.addresses import render_address_mail
from registrations.emails.announcements import render_access_granted, render_dates_announced
from registrations.emails.coordination import render_coordination
from registrations.emails.forwarding import render_forwarded
from registrations.emails.hosting import render_hosting
from registrations.emails.links import cancel_link, keep_link, offer_link
from registrations.emails.notices import render_notice
from registrations.emails.promotion import promotion_sentence
from registrations.emails.registration import render
from registrations.emails.reminders import render_reminder, render_reminders
from registrations.emails.replies import render_reply
from registrations.emails.summary import render_summary
from registrations.emails.together import render_together
from registrations.emails.umbrellas import render_umbrella

__all__ = [
    "cancel_link",
    "keep_link",
    "offer_link",
    "promotion_sentence",
    "render",
    "render_access_granted",
    "render_address_mail",
    "render_coordination",
    "render_dates_announced",
    "render_forwarded",
    "render_hosting",
    "render_notice",
    "render_reminder",
    "render_reminders",
    "render_reply",
    "render_summary",
    "render_together",
    "render_umbrella",
]
