"""Routes of the portaal."""

from django.urls import path

from toegang.portaal import views

app_name = "portaal"
urlpatterns = [
    path("", views.home, name="home"),
    path("zaak/<uuid:pk>/", views.case, name="case"),
    path("brief/<uuid:letter>/", views.letter, name="letter"),
    path("brief/<uuid:letter>/pdf/", views.letter_pdf, name="letter_pdf"),
    path("plan/<uuid:plan>/", views.plan, name="plan"),
]
