"""Routes of the people of a case."""

from django.urls import path

from toegang.werkplek.views import card, merge

PERSON = "zaak/<uuid:pk>/mensen/<uuid:person>"
urlpatterns = [
    path("zaak/<uuid:pk>/mensen/", card.case_people, name="case_people"),
    path("zaak/<uuid:pk>/mensen/toevoegen/", card.member_new, name="member_new"),
    path(f"{PERSON}/naam/", card.person_names, name="person_names"),
    path(f"{PERSON}/contact/", card.person_contact, name="person_contact"),
    path(f"{PERSON}/verhuizing/", card.person_move, name="person_move"),
    path(f"{PERSON}/postadres/", card.person_post, name="person_post"),
    path(f"{PERSON}/weg/", card.member_leave, name="member_leave"),
    path(f"{PERSON}/samenvoegen/", merge.person_merge, name="person_merge"),
    path(f"{PERSON}/samenvoegen/<uuid:merge>/terug/", merge.merge_undo, name="merge_undo"),
    path(f"{PERSON}/<slug:kind>/nieuw/", card.around_new, name="around_new"),
    path(f"{PERSON}/<slug:kind>/<uuid:row>/", card.around_edit, name="around_edit"),
]
