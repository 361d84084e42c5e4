"""Routes of the werkplek."""

from toegang.werkplek.routes import decision, inquiry, intake, plan

app_name = "werkplek"
urlpatterns = [*intake.urlpatterns, *inquiry.urlpatterns, *plan.urlpatterns, *decision.urlpatterns]
