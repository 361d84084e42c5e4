"""Routes of the inquiry: the conversation, the vraaganalyse and the file of each person."""

from django.urls import path

from toegang.werkplek.views import analysis, facts, first_call, talk

FILE = "zaak/<uuid:pk>/dossier/<uuid:person>/<slug:law>"  # of one person, as one law sees it
urlpatterns = [
    path("zaak/<uuid:pk>/gesprek/", talk.case_talk, name="case_talk"),
    path("zaak/<uuid:pk>/gesprek/eerste/", first_call.first_call, name="first_call"),
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
    path(f"{FILE}/", facts.person_file, name="person_file"),
    path(f"{FILE}/toevoegen/", facts.fact_new, name="fact_new"),
    path(f"{FILE}/verbeteren/<uuid:fact>/", facts.fact_correct, name="fact_correct"),
    path(f"{FILE}/gebruik/", facts.fact_use_new, name="fact_use_new"),
    path(f"{FILE}/gebruik/<uuid:use>/beeindigen/", facts.fact_use_end, name="fact_use_end"),
]
