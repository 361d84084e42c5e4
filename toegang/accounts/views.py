"""Signing in and out, the way home and the health of the house."""

from django.contrib.auth import login, logout
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from toegang.accounts.forms import LoginForm
from toegang.core.access import ActingRequest, public

EXAMPLE_PEOPLE = "/demo/inwoner/"


@public
def sign_in(request: ActingRequest) -> HttpResponse:
    """Let a medewerker in with a local account; an inwoner never has a password."""
    form = LoginForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        request.actor.looked_at("Ingelogd", action="login", object_id=form.get_user().username[:40])
        return redirect(_next(request))
    page = {"form": form, "forms": [form], "next": request.POST.get("next") or request.GET.get("next", "")}
    page |= {"has_errors": bool(form.errors), "example_people": _example_people()}
    return render(request, "accounts/login.html", page)


def _example_people() -> str:
    """Give the address where the demo lets somebody in as an inwoner; empty outside the demo."""
    try:
        resolve(EXAMPLE_PEOPLE)
    except Resolver404:
        return ""
    return EXAMPLE_PEOPLE


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "home"


@require_POST
@public
def sign_out(request: ActingRequest) -> HttpResponse:
    """End the session on the server."""
    logout(request)
    answer = redirect("login")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@public
def home(request: ActingRequest) -> HttpResponse:
    """Send each kind of user to the own door."""
    roles = request.actor.roles
    if request.actor.kind == "inwoner":
        return redirect("portaal:home")
    if roles & {"wijkteamlid", "teamleider"}:
        return redirect("werkplek:worklist")
    if "toetser" in roles:
        return redirect("werkplek:review_list")
    if "manager" in roles:
        return redirect("sturing:home")
    if "beheerder" in roles:
        return redirect("werkplek:beheer")
    return redirect("login")


@public
def health(request: ActingRequest) -> HttpResponse:  # noqa: ARG001
    """Say that the web process and its database answer; no data."""
    connection.ensure_connection()
    return HttpResponse("gezond\n", content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Explain in words what to do when a form is too old or came from elsewhere."""
    sentence = "Deze pagina was te lang open. Ga terug, laad de pagina opnieuw en probeer het nog een keer."
    return HttpResponse(render_to_string("403.html", {"reason": sentence}), status=403)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say in words that something broke, without a word of what."""
    return HttpResponse(render_to_string("500.html"), status=500)
