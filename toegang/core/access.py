"""Who acts, and the frame around every view: transaction, actor, policy, view, render, look, commit."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, Protocol, cast, overload

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from toegang.core import audit
from toegang.core.wall import standing_as

P = ParamSpec("P")
TEAM_ROLES = frozenset({"wijkteamlid", "teamleider"})  # who holds one sees the cases of the own team
WORK_ROLES = TEAM_ROLES | {"toetser", "bezwaarbehandelaar", "aandacht"}  # the others see a case by a grant only
METHODS = ("GET", "HEAD", "POST")
STAFF, RESIDENTS = frozenset({"medewerker"}), frozenset({"inwoner"})


class Identity(Protocol):
    """What the core needs to know of a user; accounts.User fulfils it."""

    pk: Any
    kind: str
    name: str
    is_active: bool

    @property
    def is_authenticated(self) -> bool:
        """Whether this is a signed-in user."""
        ...

    def scope_on(self, day: date) -> Scope:
        """Gemeenten, teams and roles on a day."""
        ...


@dataclass(frozen=True)
class Scope:
    """What a user's memberships and roles give on one day."""

    gemeente_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
    held: frozenset[tuple[str, int]] = frozenset()  # role and the gemeente that it is held for
    gemeente_name: str = ""
    partner: bool = False  # works for a ketenpartner: no role, no team

    @property
    def roles(self) -> frozenset[str]:
        """The roles, whatever the gemeente; somebody of a ketenpartner holds that one only."""
        return frozenset({"ketenpartner"}) if self.partner else frozenset(role for role, _ in self.held)


@dataclass(frozen=True)
class Actor:
    """Who acts, for whom, why and on which day; made once per frame, passed down."""

    user: Identity | None
    kind: str
    purpose: str
    today: date
    now: datetime
    scope: Scope = Scope()
    on_behalf_of: uuid.UUID | None = None
    origin: str = ""
    request_id: uuid.UUID = field(default_factory=uuid.uuid4)
    looks: list[audit.Look] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name as the log and the timeline show it."""
        return self.user.name if self.user else "Niet ingelogd"

    @property
    def user_id(self) -> Any:
        """The key of the user, or None."""
        return self.user.pk if self.user else None

    @property
    def gemeente_ids(self) -> frozenset[int]:
        """Gemeenten that the actor works for."""
        return self.scope.gemeente_ids

    @property
    def team_ids(self) -> frozenset[int]:
        """Teams that the actor is a member of today."""
        return self.scope.team_ids

    @property
    def roles(self) -> frozenset[str]:
        """Roles that the actor holds today."""
        return self.scope.roles

    def gemeenten_as(self, *roles: str) -> frozenset[int]:
        """The gemeenten for which the actor holds one of the roles today."""
        return frozenset(gemeente for role, gemeente in self.scope.held if role in roles)

    def looked_at(self, what: str, case: Any = None, **facts: Any) -> None:
        """Hand a look to the frame, which writes it before it commits.

        Without a case it belongs to the gemeente of the actor, when there is one only, so that its FG finds it.
        """
        if case is not None:
            facts |= {"case_id": case.pk, "gemeente_id": case.gemeente_id}
        elif len(self.gemeente_ids) == 1:
            facts.setdefault("gemeente_id", *self.gemeente_ids)
        self.looks.append(audit.Look(facts.pop("action", "look"), what, **facts))


class AskFirst(PermissionDenied):
    """Something must be answered before this is carried out: nothing changed, and a page asks it."""

    def __init__(self, template: str, page: dict[str, Any]) -> None:
        super().__init__(template)
        self.template, self.page = template, page


class ActingRequest(HttpRequest):
    """A request inside the frame."""

    actor: Actor


View = Callable[Concatenate[ActingRequest, P], HttpResponseBase]


def actor_for(user: Identity | None, purpose: str, *, origin: str = "", on_behalf_of: uuid.UUID | None = None) -> Actor:
    """Make the actor of a frame, who may act for another person; the only place that asks the clock."""
    now = timezone.localtime()
    if user is None or not user.is_authenticated or not user.is_active:
        return Actor(None, "anonymous", purpose, now.date(), now, origin=origin)
    scope = user.scope_on(now.date())
    return Actor(user, user.kind, purpose, now.date(), now, scope, on_behalf_of, origin)


@contextmanager
def acting_as(user: Identity | None, purpose: str) -> Iterator[Actor]:
    """Frame tasks, the clock and commands: one transaction, one actor, its looks written before commit."""
    actor = actor_for(user, purpose, origin="systeem")
    with transaction.atomic(), standing_as(actor):
        yield actor
        audit.write(actor, actor.looks)


@dataclass(frozen=True)
class Policy:
    """Who may come in by a door."""

    door: str
    kinds: frozenset[str] | None
    roles: frozenset[str] = frozenset()
    login_url: str | None = None

    def admits(self, actor: Actor) -> bool:
        """Whether the actor's kind and roles open this door."""
        if self.kinds is None:
            return True
        return actor.kind in self.kinds and (not self.roles or bool(self.roles & actor.roles))


def _framed(policy: Policy) -> Callable[[View[P]], View[P]]:
    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def frame(request: ActingRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = cast("Identity", request.user)
            actor = actor_for(
                user,
                policy.door,
                origin=origin_of(request),
                on_behalf_of=_represented(request),
            )
            try:
                return _carry(request, actor, lambda: _admitted(policy, actor, view, request, *args, **kwargs))
            except (Http404, PermissionDenied) as refusal:
                return _refuse(request, actor, refusal)

        frame.policy = policy  # type: ignore[attr-defined]
        frame.login_url = policy.login_url  # type: ignore[attr-defined]
        return cast("View[P]", login_not_required(frame)) if policy.kinds is None else frame

    return decorate


def origin_of(request: HttpRequest) -> str:
    """The address that a request comes from: as our own proxy tells it, else that of the connection."""
    told = request.headers.get("X-Forwarded-For", "") if settings.TRUSTED_PROXIES else ""
    return told.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def _represented(request: HttpRequest) -> uuid.UUID | None:
    """The person for whom the signed-in user acts in this session (DigiD Machtigen), if any."""
    key = request.session.get("on_behalf_of") if hasattr(request, "session") else None
    return uuid.UUID(key) if key else None


def _admitted(
    policy: Policy, actor: Actor, view: Callable[..., HttpResponseBase], *args: Any, **kw: Any
) -> HttpResponseBase:
    if not policy.admits(actor):
        raise Http404
    return view(*args, **kw)


def _carry(request: ActingRequest, actor: Actor, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Transaction, actor, view, render, looks, commit; without its log row no page leaves the house."""
    request.actor = actor
    with transaction.atomic(), standing_as(actor):
        response = view()
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        if response.streaming:
            raise ImproperlyConfigured(f"{request.path} would be sent after its transaction: no actor, no look")
        try:
            with transaction.atomic():
                audit.write(actor, actor.looks)
        except DatabaseError:
            transaction.set_rollback(True)
            return _unavailable()
        return response


def _refuse(request: HttpRequest, actor: Actor, refusal: Exception) -> HttpResponseBase:
    """Log the refusal in a transaction of its own; 404 hides what is there, 403 says why in a sentence."""
    look = audit.Look("refused", request.path[:200], result=type(refusal).__name__.lower())
    try:
        with transaction.atomic():
            audit.write(actor, [look])
    except DatabaseError:
        return _unavailable()
    if isinstance(refusal, AskFirst):
        return HttpResponse(render_to_string(refusal.template, refusal.page, request), status=409)
    if isinstance(refusal, PermissionDenied):
        reason = str(refusal) or "Deze stap mag u niet doen."
        return HttpResponse(render_to_string("403.html", {"reason": reason}, request), status=403)
    return not_found(request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Give the one page for a wrong address, a wrong door and a case outside scope: byte for byte the same."""
    return HttpResponse(render_to_string("404.html"), status=404)


def _unavailable() -> HttpResponse:
    return HttpResponse(render_to_string("503.html"), status=503)


@overload
def professional(view: View[P], /) -> View[P]: ...


@overload
def professional(*, roles: frozenset[str]) -> Callable[[View[P]], View[P]]: ...


def professional(view: View[P] | None = None, *, roles: frozenset[str] = WORK_ROLES) -> Any:
    """Open the werkplek to medewerkers with one of the roles."""
    decorate = _framed(Policy("werkplek", STAFF, roles))
    return decorate(view) if view else decorate


def resident(view: View[P]) -> View[P]:
    """Open the portaal to inwoners; who is not signed in is sent to their own way in."""
    return _framed(Policy("portaal", RESIDENTS, login_url="portaal:sign_in"))(view)


def manager(view: View[P]) -> View[P]:
    """Open sturing to managers; aggregates only."""
    return _framed(Policy("sturing", STAFF, frozenset({"manager"})))(view)


def staff(view: View[P]) -> View[P]:
    """Open the pages of the own account to every medewerker and ketenpartner, whatever the role."""
    return _framed(Policy("account", STAFF))(view)


def signed_in(view: View[P]) -> View[P]:
    """Open a page of the own session to everybody who is signed in."""
    return _framed(Policy("account", STAFF | RESIDENTS))(view)


def session_watch(view: View[P]) -> View[P]:
    """Open the count-down of the own session; asking for it is no use of the session."""
    return _framed(Policy("sessie", STAFF | RESIDENTS))(view)


def public(view: View[P]) -> View[P]:
    """Open a page to everybody; also marks that no login is needed."""
    return _framed(Policy("openbaar", None))(view)


class PolicyMiddleware:
    """A view without a policy is never carried out; other methods than those of a page are not answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on what a browser asks of a page; TRACE and the like end here."""
        return self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:  # noqa: ARG002
        """Refuse a forgotten view: 500, never data."""
        if not hasattr(view, "policy"):
            raise ImproperlyConfigured(f"{view} has no policy")


class NoStoreMiddleware:
    """No page with personal data stays in a cache (ASVS 5.0 14.3.2)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the header to every answer of a view; static files never come here."""
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response
