"""The doors."""

from django.conf import settings
from django.urls import include, path

from toegang.core import access

urlpatterns = [
    path("", include("toegang.accounts.urls")),
    path("werkplek/", include("toegang.werkplek.urls")),
    path("mijn/", include("toegang.portaal.urls")),
    path("sturing/", include("toegang.sturing.urls")),
    *([path("demo/", include("toegang.demo.urls"))] if settings.DEMO else []),
]
handler404 = access.not_found
handler500 = "toegang.accounts.views.house.server_error"
