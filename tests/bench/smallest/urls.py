from django.urls import path

from tests.bench.smallest import views

urlpatterns = [
    path("", views.catalogue),
    path("events/<int:pk>/", views.event_detail),
    path("events/<int:pk>/sign-up/", views.sign_up),
]
