"""The fast lane: a simple hulpmiddel, from conversation to draft decision on one page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from casework.models import Hulpvraag
from casework.permissions import may_handle
from casework.services.talks import HeldTalk
from decisions.services import drafting, fast
from decisions.services.reviewing import toetsers_for
from plans.models import FastLane
from providers.models import Product
from providers.selectors import contracts_for
from toegang.core.access import ActingRequest, professional
from toegang.core.pages import posted
from toegang.werkplek.forms.fast import FastForm
from toegang.werkplek.page import case_context, case_in_scope
from toegang.werkplek.saving import save
from toegang.werkplek.views.case import allow, show_step


@professional
def fast_choose(request: ActingRequest, pk: UUID, hulpvraag: UUID) -> HttpResponse:
    """Choose which simple hulpmiddel it is."""
    case = case_in_scope(request, pk, "analyse")
    found = get_object_or_404(case.hulpvragen.select_related("person", "case"), pk=hulpvraag)
    lanes = FastLane.objects.valid_on(request.actor.today).order_by("order")
    page = {"hulpvraag": found, "lanes": lanes, "obstacles": fast.obstacles(found)}
    return render(request, "werkplek/fast_choose.html", case_context(request, case, "") | page)


@professional
def fast_lane(request: ActingRequest, pk: UUID, hulpvraag: UUID, lane: str) -> HttpResponse:
    """Fill in the one page; at the end the draft decision with its letter, ready for the toetser."""
    case = case_in_scope(request, pk, "analyse")
    found = get_object_or_404(case.hulpvragen.select_related("person", "case"), pk=hulpvraag)
    allowed = allow(request, allowed=may_handle(case, request.actor))
    chosen = FastLane.objects.valid_on(request.actor.today).filter(key=lane).order_by("-valid_from").first()
    if chosen is None:
        raise Http404
    if request.method == "GET" and fast.obstacles(found):
        return redirect("werkplek:fast_choose", case.pk, found.pk)
    if request.method == "POST" and (draft := drafting.unsent_of(found)):
        return redirect("werkplek:decision_edit", case.pk, draft.pk)  # a second press: it was done
    form = _form(request, found, chosen)
    drafted: dict[str, Any] = {}

    def act() -> None:
        facts = _facts(form, chosen, request)
        drafted["pk"] = fast.take_fast_lane(hulpvraag_id=found.pk, lane=chosen, facts=facts, actor=request.actor).pk

    answer = save(
        request,
        form,
        act,
        case=case,
        done="Het gesprek, het onderzoek, het plan en de aanvraag zijn vastgelegd. Lees de brief, en stuur hem door.",
        back=lambda: reverse("werkplek:decision_edit", args=[case.pk, drafted["pk"]]),
    )
    if answer:
        return answer
    return show_step(request, case, "werkplek/fast_lane.html", form, allowed=allowed, hulpvraag=found, lane=chosen)


def _form(request: ActingRequest, hulpvraag: Hulpvraag, lane: FastLane) -> FastForm:
    today = request.actor.today
    product = Product.objects.valid_on(today).filter(key=lane.product_key).first()
    contracts = contracts_for(product_id=product.pk, gemeente_id=hulpvraag.gemeente_id, day=today) if product else []
    return FastForm(
        posted(request),
        hulpvraag=hulpvraag,
        lane=lane,
        contracts=list(contracts),
        reviewers=toetsers_for(hulpvraag.gemeente_id, request.actor),
        today=today,
    )


def _facts(form: FastForm, lane: FastLane, request: ActingRequest) -> fast.FastFacts:
    given = form.cleaned_data
    summary = (
        f"{lane.title}: wij liepen samen elke vraag van het onderzoek na. {form.parts()['a']} "
        "Verteld: een pgb kan ook, en wat dat betekent. De inwoner vraagt dit hulpmiddel vandaag aan."
    )
    told = (given.get("support_told", False), given.get("own_plan_told", False))
    about = fast.leefgebieden_of(lane, request.actor.today)
    held = HeldTalk(request.actor.today, given["form"], given["present"], summary, *told, about)
    names = ("result", "action", "ends_on", "provider", "motivation", "evaluation_on", "reviewer")
    return fast.FastFacts(held=held, parts=form.parts(), **{name: given[name] for name in names})
