"""Routes of the decisions and of the toetser."""

from django.urls import path

from toegang.werkplek.views import decision, fast, review, urgent

urlpatterns = [
    path("zaak/<uuid:pk>/besluit/", decision.case_decision, name="case_decision"),
    path("zaak/<uuid:pk>/besluit/<uuid:hulpvraag>/begin/", decision.decision_open, name="decision_open"),
    path("zaak/<uuid:pk>/besluit/<uuid:beschikking>/", decision.decision_edit, name="decision_edit"),
    path("zaak/<uuid:pk>/besluit/<uuid:beschikking>/indienen/", decision.decision_submit, name="decision_submit"),
    path("zaak/<uuid:pk>/besluit/<uuid:beschikking>/versturen/", decision.decision_issue, name="decision_issue"),
    path("zaak/<uuid:pk>/besluit/<uuid:beschikking>/vervallen/", decision.decision_drop, name="decision_drop"),
    path("zaak/<uuid:pk>/snel/<uuid:hulpvraag>/", fast.fast_choose, name="fast_choose"),
    path("zaak/<uuid:pk>/snel/<uuid:hulpvraag>/<slug:lane>/", fast.fast_lane, name="fast_lane"),
    path("zaak/<uuid:pk>/spoed/<uuid:hulpvraag>/", urgent.urgent_new, name="urgent_new"),
    path("zaak/<uuid:pk>/spoedbesluit/<uuid:urgent>/", urgent.urgent_follow, name="urgent_follow"),
    path("toetsen/", review.review_list, name="review_list"),
    path("toetsen/<uuid:beschikking>/", review.review, name="review"),
    path("toetsen/spoed/<uuid:urgent>/", urgent.urgent_test, name="urgent_test"),
]
