"""Routes of the decisions and of the toetser."""

from django.urls import path

from toegang.werkplek.views import decision, review

urlpatterns = [
    path("zaak/<uuid:pk>/besluit/", decision.case_decision, name="case_decision"),
    path("zaak/<uuid:pk>/besluit/<uuid:hulpvraag>/begin/", decision.decision_open, name="decision_open"),
    path("zaak/<uuid:pk>/besluit/<uuid:beschikking>/", decision.decision_edit, name="decision_edit"),
    path("zaak/<uuid:pk>/besluit/<uuid:beschikking>/indienen/", decision.decision_submit, name="decision_submit"),
    path("zaak/<uuid:pk>/besluit/<uuid:beschikking>/versturen/", decision.decision_issue, name="decision_issue"),
    path("zaak/<uuid:pk>/besluit/<uuid:beschikking>/vervallen/", decision.decision_drop, name="decision_drop"),
    path("toetsen/", review.review_list, name="review_list"),
    path("toetsen/<uuid:beschikking>/", review.review, name="review"),
]
