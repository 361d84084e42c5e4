"""Routes of the werkplek."""

from toegang.werkplek.routes import beheer, decision, gates, inquiry, intake, plan

app_name = "werkplek"
urlpatterns = [
    *intake.urlpatterns,
    *inquiry.urlpatterns,
    *plan.urlpatterns,
    *decision.urlpatterns,
    *gates.urlpatterns,
    *beheer.urlpatterns,
]
