"""Routes of the werkplek."""

from toegang.werkplek.routes import beheer, decision, gates, inquiry, intake, people, plan, privacy, team

app_name = "werkplek"
urlpatterns = [
    *intake.urlpatterns,
    *people.urlpatterns,
    *inquiry.urlpatterns,
    *plan.urlpatterns,
    *decision.urlpatterns,
    *gates.urlpatterns,
    *team.urlpatterns,
    *privacy.urlpatterns,
    *beheer.urlpatterns,
]
