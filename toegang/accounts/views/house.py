"""The way home and out, the health of the house, and the pages for when something went wrong."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from toegang.accounts.kept import in_words
from toegang.accounts.sessions import forget_session, typed_fields
from toegang.core.access import ActingRequest, public

# Who holds several roles begins at the first of these.
HOMES = {
    "wijkteamlid": "werkplek:worklist",
    "teamleider": "werkplek:worklist",
    "toetser": "werkplek:review_list",
    "klantcontact": "werkplek:melding_new",
    "manager": "sturing:home",
    "beheerder": "werkplek:beheer",
    "privacy": "werkplek:emergency_reviews",
    "ketenpartner": "werkplek:partner_home",
}


@require_POST
@public
def sign_out(request: ActingRequest) -> HttpResponse:
    """End the session on the server, and send everybody back to the own way in."""
    way_in = "portaal:sign_in" if request.actor.kind == "inwoner" else "account_login"
    forget_session(request)
    answer = redirect(way_in)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@public
def home(request: ActingRequest) -> HttpResponse:
    """Send each kind of user to the own door."""
    if request.actor.user is None:
        return redirect("account_login")
    if request.actor.kind == "inwoner":
        return redirect("portaal:home")
    first = next((page for role, page in HOMES.items() if role in request.actor.roles), "account_settings")
    return redirect(first)


@public
def health(request: ActingRequest) -> HttpResponse:  # noqa: ARG001
    """Say that the web process and its database answer; no data."""
    connection.ensure_connection()
    return HttpResponse("gezond\n", content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Explain in words what to do when a form is too old or came from elsewhere."""
    if (
        request.user.is_authenticated
        and request.headers.get("Sec-Fetch-Site") == "same-origin"
        and ("password" not in request.POST)
    ):
        # Signed in again in another tab: the form is our own, only its token is old.
        fields = typed_fields(request)
        page = {"path": request.get_full_path(), "fields": fields, "kept": in_words(fields)}
        return HttpResponse(render_to_string("accounts/kept.html", page, request), status=403)
    sentence = "Deze pagina was te lang open. Ga terug, laad de pagina opnieuw en probeer het nog een keer."
    return HttpResponse(render_to_string("403.html", {"reason": sentence}), status=403)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say in words that something broke, without a word of what."""
    return HttpResponse(render_to_string("500.html"), status=500)
