from __future__ import annotations

from django.urls import path

from registrations.views import booking, catalogue, door, organize, organize_changes, participants

app_name = "registrations"
urlpatterns = [
    path("", catalogue.catalogue, name="catalogue"),
    path("events/<slug:slug>/", catalogue.event_detail, name="event"),
    path("sessions/<uuid:key>/", catalogue.session_detail, name="session"),
    path("sessions/<uuid:key>/sign-up/", booking.sign_up, name="sign_up"),
    path("welcome/", booking.welcome, name="welcome"),
    path("my/", booking.my_sessions, name="my_sessions"),
    path("my/<uuid:key>/cancel/", booking.cancel, name="cancel"),
    path("my/<uuid:key>/undo/", booking.undo, name="undo"),
    path("give-back/<str:token>/", booking.cancel_link, name="cancel_link"),
    path("organise/", organize.home, name="organize_home"),
    path("organise/events/new/", organize.event_new, name="organize_event_new"),
    path("organise/events/<slug:slug>/", organize.event_page, name="organize_event"),
    path("organise/events/<slug:slug>/edit/", organize.event_edit, name="organize_event_edit"),
    path("organise/events/<slug:slug>/publish/", organize.publish, name="organize_publish"),
    path("organise/events/<slug:slug>/sessions/new/", organize.session_new, name="organize_session_new"),
    path("organise/sessions/<uuid:key>/", organize.session_page, name="organize_session"),
    path("organise/sessions/<uuid:key>/capacity/", organize_changes.resize, name="organize_capacity"),
    path("organise/sessions/<uuid:key>/move/", organize_changes.move, name="organize_move"),
    path("organise/sessions/<uuid:key>/place/", organize_changes.relocate, name="organize_place"),
    path("organise/sessions/<uuid:key>/cancel/", organize_changes.cancel, name="organize_cancel"),
    path("organise/sessions/<uuid:key>/participants.csv", participants.participants, name="organize_participants"),
    path("door/<uuid:key>/", door.page, name="door"),
    path("door/<uuid:key>/check-in/", door.check_in, name="door_check_in"),
    path("door/<uuid:key>/take-back/", door.take_back, name="door_take_back"),
    path("door/<uuid:key>/walk-in/", door.walk_in, name="door_walk_in"),
    path("door/<uuid:key>/finish/", door.finish, name="door_finish"),
]
