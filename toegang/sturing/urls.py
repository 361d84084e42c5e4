"""Routes of sturing."""

from django.urls import path

from toegang.sturing import views

app_name = "sturing"
urlpatterns = [path("", views.home, name="home")]
