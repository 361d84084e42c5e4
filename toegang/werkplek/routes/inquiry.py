"""Routes of the inquiry: the conversation and the vraaganalyse."""

from django.urls import path

from toegang.werkplek.views import analysis, talk

urlpatterns = [
    path("zaak/<uuid:pk>/gesprek/", talk.case_talk, name="case_talk"),
    path("zaak/<uuid:pk>/gesprek/niet-verschenen/", talk.talk_no_show, name="talk_no_show"),
    path("zaak/<uuid:pk>/gesprek/gevoerd/", talk.talk_held, name="talk_held"),
    path("zaak/<uuid:pk>/gesprek/op-stukken/", talk.talk_on_file, name="talk_on_file"),
    path("zaak/<uuid:pk>/analyse/", analysis.case_analysis, name="case_analysis"),
    path("zaak/<uuid:pk>/analyse/leefgebied/<int:note>/", analysis.note_edit, name="note_edit"),
    path("zaak/<uuid:pk>/analyse/onderzoek/<uuid:hulpvraag>/", analysis.onderzoek_edit, name="onderzoek_edit"),
    path("zaak/<uuid:pk>/analyse/begin/<uuid:hulpvraag>/", analysis.onderzoek_start, name="onderzoek_start"),
    path("zaak/<uuid:pk>/analyse/verslag/<uuid:hulpvraag>/", analysis.verslag_send, name="verslag_send"),
    path("zaak/<uuid:pk>/analyse/reactie/<uuid:hulpvraag>/", analysis.reaction, name="reaction"),
    path("zaak/<uuid:pk>/analyse/afronden/", analysis.analysis_complete, name="analysis_complete"),
]
