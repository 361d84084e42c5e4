"""Routes of noodtoegang, the veiligheidsdossier, shielding, and who looked."""

from django.urls import path

from toegang.werkplek.views import emergency, looks, safety, shield, striking

urlpatterns = [
    path("noodtoegang/", emergency.emergency, name="emergency"),
    path("noodtoegang/beoordelen/", emergency.reviews, name="emergency_reviews"),
    path("noodtoegang/beoordelen/<uuid:access>/", emergency.review, name="emergency_review"),
    path("noodtoegang/regels/", emergency.rules, name="access_rules"),
    path("noodtoegang/regels/<int:gemeente>/", emergency.rules_edit, name="access_rules_edit"),
    path("zaak/<uuid:pk>/noodtoegang/beeindigen/", emergency.end, name="emergency_end"),
    path("zaak/<uuid:pk>/veiligheid/", safety.safety, name="safety"),
    path("zaak/<uuid:pk>/veiligheid/<uuid:record>/", safety.correct, name="safety_correct"),
    path("zaak/<uuid:pk>/veiligheid/toegang/", safety.share, name="safety_share"),
    path("zaak/<uuid:pk>/veiligheid/toegang/<int:grant>/", safety.stop, name="safety_stop"),
    path("zaak/<uuid:pk>/inzage/", looks.case_looks, name="case_looks"),
    path("logboek/", looks.log_search, name="log_search"),
    path("logboek/opvallend/", striking.log_review, name="log_review"),
    path("logboek/opvallend/beoordelen/", striking.log_review_mark, name="log_review_mark"),
    path("zaak/<uuid:pk>/afschermen/", shield.case_shield, name="case_shield"),
]
