"""Routes of the functioneel beheerder: people, teams, roles, ketenpartners, and the reference data."""

from django.urls import path

from toegang.werkplek.views import beheer, beheer_person, beheer_rights, beheer_teams

urlpatterns = [
    path("beheer/", beheer.home, name="beheer"),
    path("beheer/mensen/", beheer_person.people, name="beheer_people"),
    path("beheer/mensen/nieuw/", beheer_person.person_new, name="beheer_person_new"),
    path("beheer/mensen/<int:person>/", beheer_person.person_page, name="beheer_person"),
    path("beheer/mensen/<int:person>/gegevens/", beheer_person.person_edit, name="beheer_person_edit"),
    path("beheer/mensen/<int:person>/uit/", beheer_person.person_disable, name="beheer_person_disable"),
    path("beheer/mensen/<int:person>/aan/", beheer_person.person_enable, name="beheer_person_enable"),
    path("beheer/mensen/<int:person>/uitnodiging/", beheer_person.person_invite, name="beheer_person_invite"),
    path("beheer/mensen/<int:person>/tweede-stap/", beheer_person.person_factors, name="beheer_person_factors"),
    path("beheer/mensen/<int:person>/rol/", beheer_rights.role_give, name="beheer_role_give"),
    path("beheer/mensen/<int:person>/rol/<int:assignment>/", beheer_rights.role_end, name="beheer_role_end"),
    path("beheer/mensen/<int:person>/team/", beheer_rights.team_join, name="beheer_team_join"),
    path("beheer/mensen/<int:person>/team/<int:membership>/", beheer_rights.team_leave, name="beheer_team_leave"),
    path("beheer/mensen/<int:person>/melden/", beheer_rights.report_give, name="beheer_report_give"),
    path("beheer/mensen/<int:person>/melden/<int:right>/", beheer_rights.report_end, name="beheer_report_end"),
    path("beheer/teams/", beheer_teams.teams, name="beheer_teams"),
    path("beheer/teams/nieuw/", beheer_teams.team_new, name="beheer_team_new"),
    path("beheer/teams/<int:team>/", beheer_teams.team_page, name="beheer_team"),
    path("beheer/teams/<int:team>/wijzigen/", beheer_teams.team_edit, name="beheer_team_edit"),
    path("beheer/wijken/nieuw/", beheer_teams.wijk_new, name="beheer_wijk_new"),
    path("beheer/wijken/<int:wijk>/", beheer_teams.wijk_edit, name="beheer_wijk_edit"),
    path("beheer/rollen/", beheer_teams.roles, name="beheer_roles"),
    path("beheer/rollen/<slug:role>/", beheer_teams.role_edit, name="beheer_role_edit"),
    path("beheer/ketenpartners/", beheer_teams.partners, name="beheer_partners"),
    path("beheer/ketenpartners/nieuw/", beheer_teams.partner_new, name="beheer_partner_new"),
    path("beheer/ketenpartners/<int:partner>/", beheer_teams.partner_page, name="beheer_partner"),
    path("beheer/ketenpartners/<int:partner>/wijzigen/", beheer_teams.partner_edit, name="beheer_partner_edit"),
    path(
        "beheer/ketenpartners/<int:partner>/mensen/nieuw/", beheer_person.person_new, name="beheer_partner_person_new"
    ),
]
