"""Routes from the melding to the end of a case: work lists, the overview, and letters."""

from django.urls import path

from toegang.werkplek.views import access, case, ending, feedback, letters, melding, people, person, signals, worklist

urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("team/", worklist.team_list, name="team_list"),
    path("zoeken/", people.people_search, name="people_search"),
    path("signalen/", signals.signal_list, name="signals"),
    path("signalen/nieuw/", signals.signal_new, name="signal_new"),
    path("signalen/<uuid:pk>/", signals.signal_page, name="signal"),
    path("signalen/<uuid:pk>/bron/", signals.signal_source, name="signal_source"),
    path("signalen/<uuid:pk>/oppakken/", signals.signal_take, name="signal_take"),
    path("signalen/<uuid:pk>/poging/", signals.signal_attempt, name="signal_attempt"),
    path("signalen/<uuid:pk>/stap/<slug:step>/", signals.signal_step, name="signal_step"),
    path("melding/nieuw/", melding.melding_new, name="melding_new"),
    path("zaak/<uuid:pk>/", case.overview, name="case"),
    path("zaak/<uuid:pk>/melding/<uuid:melding>/terugkoppelen/", feedback.feedback, name="feedback"),
    path("zaak/<uuid:pk>/contactpersoon/", case.contactpersoon, name="case_contactpersoon"),
    path("zaak/<uuid:pk>/toegang/", access.case_access, name="case_access"),
    path("zaak/<uuid:pk>/toegang/collega/", access.access_give, name="access_give"),
    path("zaak/<uuid:pk>/toegang/meelezen/", access.access_reader, name="access_reader"),
    path("zaak/<uuid:pk>/toegang/ketenpartner/", access.access_partner, name="access_partner"),
    path("zaak/<uuid:pk>/toegang/<int:grant>/beeindigen/", access.access_end, name="access_end"),
    path("zaak/<uuid:pk>/terug/", case.step_back, name="case_step_back"),
    path("zaak/<uuid:pk>/verwijzing/<uuid:hulpvraag>/", case.referral, name="referral"),
    path("zaak/<uuid:pk>/doorzetten/<uuid:hulpvraag>/", case.hand_over, name="hand_over"),
    path("zaak/<uuid:pk>/persoon/<uuid:person>/bsn/", person.person_bsn, name="person_bsn"),
    path("zaak/<uuid:pk>/sluiten/", ending.close_case, name="case_close"),
    path("zaak/<uuid:pk>/heropenen/", ending.reopen_case, name="case_reopen"),
    path("zaak/<uuid:pk>/brieven/", letters.case_letters, name="case_letters"),
    path("brief/<uuid:letter>/", letters.letter_download, name="letter_download"),
    path("afdrukken/", letters.print_list, name="print_list"),
    path("afdrukken/<uuid:letter>/gepost/", letters.letter_posted, name="letter_posted"),
    path("afdrukken/<uuid:letter>/opnieuw/", letters.letter_remake, name="letter_remake"),
]
