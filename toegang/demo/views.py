"""The page that stands in for DigiD in the demo."""

from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render

from casework.services.people import welcome_resident
from toegang.accounts.backends import backend_of
from toegang.accounts.models import system_user
from toegang.accounts.sessions import begin_session
from toegang.core.access import ActingRequest, acting_as, public
from toegang.core.wall import beyond_scope
from toegang.demo.forms import ResidentForm


@public
@beyond_scope()  # everybody may be chosen; nobody has signed in yet
def resident_choice(request: ActingRequest) -> HttpResponse:
    """Let a tester in as one of the invented inwoners; never installed in production."""
    form = ResidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with acting_as(system_user(), "demo-inlog") as actor:
            user = welcome_resident(person_id=form.cleaned_data["person"].pk, actor=actor)
        login(request, user, backend=backend_of(user))
        begin_session(request, way="demo")
        request.actor.looked_at("Ingelogd in de demo", action="login", object_id=str(user.pk))
        return redirect("portaal:home")
    return render(
        request, "demo/resident_choice.html", {"form": form, "forms": [form], "has_errors": bool(form.errors)}
    )
