"""Routes of the team, and of the ketenpartner who works along."""

from django.urls import path

from toegang.werkplek.views import partner, team

urlpatterns = [
    path("team/verdelen/", team.divide, name="team_divide"),
    path("zaak/<uuid:pk>/aannemen/", team.case_accept, name="case_accept"),
    path("zaak/<uuid:pk>/teruggeven/", team.case_give_back, name="case_give_back"),
    path("team/overdragen/", team.hand_over_list, name="team_hand_over"),
    path("team/overdragen/<int:person>/", team.hand_over_of, name="team_hand_over_of"),
    path("afwezigheid/", team.absences, name="absences"),
    path("afwezigheid/<int:absence>/beeindigen/", team.absence_end, name="absence_end"),
    path("gevraagd/", partner.home, name="partner_home"),
    path("gevraagd/melden/", partner.report, name="partner_report"),
    path("gevraagd/<int:grant>/gesprek/", partner.talk, name="partner_talk"),
]
