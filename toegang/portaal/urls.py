"""Routes of the portaal."""

from django.urls import path

from toegang.portaal import looks, privacy, report, sign_in, views

app_name = "portaal"
urlpatterns = [
    path("", views.home, name="home"),
    path("melden/", report.report, name="report"),
    path("melden/<uuid:pk>/", report.reported, name="reported"),
    path("inloggen/", sign_in.sign_in, name="sign_in"),
    path("inloggen/digid/", sign_in.digid_start, name="digid_start"),
    path("inloggen/digid/terug/", sign_in.digid_back, name="digid_back"),
    path("zaak/<uuid:pk>/", views.case, name="case"),
    path("zaak/<uuid:pk>/inzage/", looks.looks, name="looks"),
    path("foto/<uuid:photo>/", views.photo, name="photo"),
    path("brief/<uuid:letter>/", views.letter, name="letter"),
    path("brief/<uuid:letter>/pdf/", views.letter_pdf, name="letter_pdf"),
    path("gegevens/", privacy.own_data, name="privacy"),
    path("gegevens/<uuid:verzoek>/pdf/", privacy.own_pdf, name="privacy_pdf"),
    path("gegevens/<uuid:verzoek>/json/", privacy.own_json, name="privacy_json"),
    path("plan/<uuid:plan>/", views.plan, name="plan"),
]
