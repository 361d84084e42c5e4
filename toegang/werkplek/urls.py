"""Routes of the werkplek."""

from toegang.werkplek.routes import beheer, decision, inquiry, intake, plan

app_name = "werkplek"
urlpatterns = [*intake.urlpatterns, *inquiry.urlpatterns, *plan.urlpatterns, *decision.urlpatterns, *beheer.urlpatterns]
