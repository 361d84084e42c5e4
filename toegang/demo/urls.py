"""Routes of this door."""

from django.urls import path

from toegang.demo import views

app_name = "demo"
urlpatterns = [
    path("inwoner/", views.resident_choice, name="resident_choice"),
]
