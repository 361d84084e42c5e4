"""The doors."""

from django.conf import settings
from django.urls import include, path

from toegang.accounts import views
from toegang.core import access

urlpatterns = [
    path("", views.home, name="home"),
    path("gezond", views.health, name="health"),
    path("inloggen/", views.sign_in, name="login"),
    path("uitloggen/", views.sign_out, name="logout"),
    path("werkplek/", include("toegang.werkplek.urls")),
    path("mijn/", include("toegang.portaal.urls")),
    path("sturing/", include("toegang.sturing.urls")),
    *([path("demo/", include("toegang.demo.urls"))] if settings.DEMO else []),
]
handler404 = access.not_found
handler500 = "toegang.accounts.views.server_error"
