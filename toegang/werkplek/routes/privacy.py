"""Routes of requests about the own data: of a case, and the list of the privacy officer."""

from django.urls import path

from toegang.werkplek.views import inzage, privacy

urlpatterns = [
    path("privacyverzoeken/", privacy.privacy_requests, name="privacy_requests"),
    path("zaak/<uuid:pk>/privacy/", privacy.case_privacy, name="case_privacy"),
    path("zaak/<uuid:pk>/privacy/nieuw/", privacy.privacy_new, name="privacy_new"),
    path("zaak/<uuid:pk>/privacy/<uuid:verzoek>/", privacy.privacy_request, name="privacy_request"),
    path("zaak/<uuid:pk>/privacy/<uuid:verzoek>/stap/<slug:step>/", privacy.privacy_step, name="privacy_step"),
    path("zaak/<uuid:pk>/privacy/<uuid:verzoek>/onderdelen/", inzage.privacy_review, name="privacy_review"),
    path("zaak/<uuid:pk>/privacy/<uuid:verzoek>/nagekeken/", inzage.privacy_look, name="privacy_look"),
    path("zaak/<uuid:pk>/privacy/<uuid:verzoek>/vrijgeven/", inzage.privacy_release, name="privacy_release"),
    path("zaak/<uuid:pk>/privacy/<uuid:verzoek>/pdf/", inzage.privacy_pdf, name="privacy_pdf"),
    path("zaak/<uuid:pk>/privacy/<uuid:verzoek>/json/", inzage.privacy_json, name="privacy_json"),
]
