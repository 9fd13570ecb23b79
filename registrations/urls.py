from __future__ import annotations

from django.urls import path, re_path

from registrations.feeds import personal, public
from registrations.views.attending import (
    booking,
    colleagues,
    conference,
    declines,
    interest,
    offers,
    personal_links,
    preferences,
    wishes,
)
from registrations.views.calendar import downloads, feed_links
from registrations.views.door import attendance
from registrations.views.mailing import broadcasts, custom_texts, reminders, sent_mails
from registrations.views.organizing import changes, coordinators, participants, pending_changes, people, workspace
from registrations.views.pages import catalogue, mine, month

app_name = "registrations"
urlpatterns = [
    path("", catalogue.index, name="catalogue"),
    path("calendar/", month.this_month, name="this_month"),
    re_path(r"^calendar/(?P<year>\d{4})-(?P<month>\d{2})/$", month.index, name="month"),
    path("events/<slug:slug>/", catalogue.event_detail, name="event"),
    path("events/<slug:slug>/wait/", wishes.wait, name="wait"),
    path("events/<slug:slug>/interest/", interest.tell_me, name="interest"),
    path("events/<slug:slug>/choose/", conference.choose, name="choose"),
    path("sessions/<uuid:key>/", catalogue.session_detail, name="session"),
    path("sessions/<uuid:key>/appointment.ics", downloads.session_file, name="session_file"),
    path("sessions/<uuid:key>/sign-up/", booking.sign_up, name="sign_up"),
    path("sessions/<uuid:key>/wait/", wishes.wait_for_date, name="wait_for_date"),
    path("sessions/<uuid:key>/colleague/", colleagues.invite, name="colleague"),
    path("feeds/", feed_links.subscribe, name="feeds"),
    path("feeds/events.ics", public.events, name="feed_events"),
    path("feeds/events.atom", public.news, name="feed_news"),
    path("feeds/kinds/<slug:code>.ics", public.kind, name="feed_kind"),
    path("feeds/my/<str:secret>.ics", personal.seats, name="feed_mine"),
    path("feeds/<slug:code>.ics", public.unit, name="feed_unit"),
    path("welcome/", booking.welcome, name="welcome"),
    path("my/", mine.my_sessions, name="my_sessions"),
    path("my/calendar/", feed_links.my_calendar, name="my_calendar"),
    path("my/calendar/new-link/", feed_links.new_link, name="my_calendar_new_link"),
    path("my/preferences/", preferences.page, name="preferences"),
    path("my/preferences/address/", preferences.change_address, name="change_address"),
    path("my/preferences/private-address/", preferences.private_address, name="private_address"),
    path("my/preferences/host/", preferences.host_profile, name="host_profile"),
    path("my/preferences/confirm/<str:token>/", preferences.confirm_address, name="confirm_address"),
    path("my/<uuid:key>/", mine.my_registration, name="my_registration"),
    path("my/<uuid:key>/cancel/", booking.cancel, name="cancel"),
    path("my/<uuid:key>/undo/", booking.undo, name="undo"),
    path("my/<uuid:key>/swap/", wishes.swap, name="swap"),
    path("my/<uuid:key>/undo-swap/", wishes.undo_swap, name="undo_swap"),
    path("my/<uuid:key>/accept/", offers.accept, name="accept"),
    path("my/<uuid:key>/decline/", offers.decline, name="decline"),
    path("access/<uuid:key>/", personal_links.access_link, name="access_link"),
    path("offer/<str:token>/", offers.offer_link, name="offer_link"),
    path("still-coming/<str:token>/", reminders.still_coming, name="still_coming"),
    path("keep/<str:token>/", declines.keep_link, name="keep_link"),
    path("give-back/<str:token>/", booking.cancel_link, name="cancel_link"),
    path("no-news/<str:token>/", interest.interest_link, name="interest_link"),
    path("organise/", workspace.home, name="organize_home"),
    path("organise/events/new/", workspace.event_new, name="organize_event_new"),
    path("organise/events/<slug:slug>/", workspace.event_page, name="organize_event"),
    path("organise/events/<slug:slug>/edit/", workspace.event_edit, name="organize_event_edit"),
    path("organise/events/<slug:slug>/publish/", workspace.publish, name="organize_publish"),
    path("organise/events/<slug:slug>/changes/", pending_changes.send, name="organize_collected"),
    path("organise/events/<slug:slug>/coordinators/", coordinators.page, name="organize_coordinators"),
    path(
        "organise/events/<slug:slug>/coordinators/<uuid:key>/confirm/",
        coordinators.confirm,
        name="organize_coordinators_confirm",
    ),
    path(
        "organise/events/<slug:slug>/coordinators/<uuid:key>/withdraw/",
        coordinators.withdraw,
        name="organize_coordinators_withdraw",
    ),
    path("organise/events/<slug:slug>/mails/", custom_texts.kinds, name="organize_mails"),
    path("organise/events/<slug:slug>/mails/<slug:kind>/", custom_texts.words, name="organize_words"),
    path("organise/events/<slug:slug>/mails/<slug:kind>/reset/", custom_texts.reset, name="organize_words_reset"),
    path(
        "organise/events/<slug:slug>/mails/<slug:kind>/shown/<slug:language>/",
        custom_texts.shown,
        name="organize_words_shown",
    ),
    path("organise/events/<slug:slug>/sessions/new/", workspace.session_new, name="organize_session_new"),
    path("organise/sessions/<uuid:key>/", workspace.session_page, name="organize_session"),
    path("organise/sessions/<uuid:key>/capacity/", changes.resize, name="organize_capacity"),
    path("organise/sessions/<uuid:key>/move/", changes.move, name="organize_move"),
    path("organise/sessions/<uuid:key>/place/", changes.relocate, name="organize_place"),
    path("organise/sessions/<uuid:key>/cancel/", changes.cancel, name="organize_cancel"),
    path("organise/sessions/<uuid:key>/reinstate/", changes.reinstate, name="organize_reinstate"),
    path("organise/sessions/<uuid:key>/message/", broadcasts.write, name="organize_message"),
    path(
        "organise/sessions/<uuid:key>/message/shown/<slug:language>/", broadcasts.shown, name="organize_message_shown"
    ),
    path("organise/sessions/<uuid:key>/mails/", sent_mails.sent, name="organize_sent_mails"),
    path("organise/registrations/<uuid:key>/send-again/", sent_mails.send_again, name="organize_send_again"),
    path("organise/sessions/<uuid:key>/hold/", people.hold, name="organize_hold"),
    path("organise/sessions/<uuid:key>/access/", people.links, name="organize_access"),
    path("organise/sessions/<uuid:key>/access/<uuid:link>/revoke/", people.revoke, name="organize_access_revoke"),
    path("organise/registrations/<uuid:key>/approve/", people.approve, name="organize_approve"),
    path("organise/registrations/<uuid:key>/turn-down/", people.turn_down, name="organize_turn_down"),
    path("organise/registrations/<uuid:key>/seat/", people.seat, name="organize_seat"),
    path("organise/registrations/<uuid:key>/priority/", people.priority, name="organize_priority"),
    path("organise/sessions/<uuid:key>/participants.csv", participants.participants, name="organize_participants"),
    path(
        "organise/sessions/<uuid:key>/participants.xlsx", participants.workbook, name="organize_participants_workbook"
    ),
    path("door/<uuid:key>/", attendance.page, name="door"),
    path("door/<uuid:key>/check-in/", attendance.check_in, name="door_check_in"),
    path("door/<uuid:key>/take-back/", attendance.take_back, name="door_take_back"),
    path("door/<uuid:key>/walk-in/", attendance.walk_in, name="door_walk_in"),
    path("door/<uuid:key>/finish/", attendance.finish, name="door_finish"),
]
