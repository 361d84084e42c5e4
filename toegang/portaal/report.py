"""A melding by the website, with or without DigiD; what was typed is kept, and the answer names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from casework.models import Person, Reason, WebMelding
from casework.services import web
from toegang.accounts.models import Gemeente
from toegang.core.access import ActingRequest, public
from toegang.core.dates import PartialDate, long_date
from toegang.core.forms import Form, KnownDateField, PostcodeField, YesNoField
from toegang.core.lifecycle import Blocked
from toegang.core.pages import posted
from toegang.core.terms import due_on
from toegang.core.wall import beyond_scope
from toegang.portaal.verified import forget_number, kept_number

LONGEST_TEXT = 4000
SELF, OTHER = "zelf", "ander"
TOO_MANY = "Er kwamen net te veel meldingen van dit adres. Uw tekst staat hier nog. Bel ons, of probeer het later."
OF_ANOTHER = ("reporter_name", "reporter_capacity")
PLACE = ("street", "house_number", "postcode", "city")


class WebMeldingForm(Form):
    """What is going on, for whom, and how we reach you; no number, no illness, no income."""

    urgent = forms.BooleanField(
        label="Het kan niet wachten",
        required=False,
        help_text="Is er nu gevaar? Bel 112. Bij geweld of mishandeling: Veilig Thuis, 0800\u20112000, dag en nacht.",
    )
    gemeente = forms.ModelChoiceField(
        label="In welke gemeente woont wie hulp nodig heeft?",
        queryset=Gemeente.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    whose = forms.ChoiceField(
        label="Voor wie is de melding?",
        choices=[(SELF, "Voor mijzelf"), (OTHER, "Voor iemand anders")],
        initial=SELF,
        widget=forms.RadioSelect,
    )
    reporter_name = forms.CharField(label="Meldt u voor een ander? Wat is dan uw naam?", max_length=150, required=False)
    reporter_capacity = forms.CharField(
        label="Wat bent u van die persoon?",
        max_length=100,
        required=False,
        help_text="Bijvoorbeeld dochter of buurman.",
    )
    reporter_contact = forms.CharField(label="Hoe bereiken wij u als melder?", max_length=100, required=False)
    aware = forms.ChoiceField(
        label="Weet die persoon van deze melding?",
        choices=[("ja", "Ja"), ("nee", "Nee")],
        widget=forms.RadioSelect,
        required=False,
    )
    with_number = forms.BooleanField(
        label="Geef mijn burgerservicenummer van DigiD mee",
        required=False,
        initial=True,
        help_text="Dan weten wij zeker wie u bent. Alleen als de melding voor uzelf is.",
    )
    words = forms.CharField(
        label="Wat is er aan de hand?",
        widget=forms.Textarea({"rows": 6}),
        max_length=LONGEST_TEXT,
        help_text="Schrijf het in uw eigen woorden. Over ziekte en geld hoeft u nu niets te schrijven.",
    )
    given_names = forms.CharField(label="Voornamen van wie hulp nodig heeft", max_length=200)
    name_prefix = forms.CharField(label="Tussenvoegsel", max_length=20, required=False)
    family_name = forms.CharField(label="Achternaam", max_length=200)
    born = KnownDateField(
        label="Geboortedatum", partial=True, help_text="Bijvoorbeeld 27 3 1951. Weet u alleen het jaar? Dat is genoeg."
    )
    street = forms.CharField(label="Straat", max_length=100, required=False)
    house_number = forms.CharField(label="Huisnummer", max_length=20, required=False)
    postcode = PostcodeField(label="Postcode", required=False)
    city = forms.CharField(label="Woonplaats", max_length=80, required=False)
    phone = forms.CharField(label="Telefoonnummer van wie hulp nodig heeft", max_length=20, required=False)
    no_phone = forms.BooleanField(label="Bel niet", required=False)
    no_post = forms.BooleanField(label="Stuur geen post naar huis", required=False)
    safe_contact = forms.CharField(
        label="Moeten wij ergens op letten als wij contact zoeken?",
        max_length=300,
        required=False,
        help_text="Bijvoorbeeld: bel alleen overdag.",
    )
    knew_way = YesNoField(label="Wist u waar u moest zijn?", required=False)
    came_by = forms.ChoiceField(label="Via wie kwam u hier?", required=False)

    def __init__(
        self,
        *args: Any,
        today: date,
        person: Person | None,
        gemeenten: Sequence[Gemeente],
        verified: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, today=today, not_after=today, **kwargs)
        self.person, self.only = person, gemeenten[0] if len(gemeenten) == 1 else None
        known_ways = Reason.objects.listed("meldingsroute", today).choices()
        offered = [("", "Dat zeg ik liever niet"), *known_ways]
        self.fields["came_by"].choices = offered  # type: ignore[attr-defined]
        found = Gemeente.objects.filter(pk__in=[gemeente.pk for gemeente in gemeenten])
        self.fields["gemeente"].queryset = found  # type: ignore[attr-defined]
        known = ["whose", *OF_ANOTHER, "reporter_contact", "aware", "given_names", "name_prefix", "family_name", "born"]
        for name in ["gemeente", *known, *PLACE] if person else ["gemeente"] if self.only else []:
            del self.fields[name]
        if person or not verified:
            del self.fields["with_number"]
        if "postcode" in self.fields:
            self.fields["postcode"].widget.attrs["autocomplete"] = "off"  # else it stands there for who presses Back

    @property
    def bears_number(self) -> bool:
        """Whether the number that DigiD gave goes with it: for oneself alone, and with a yes."""
        return bool(self.cleaned_data.get("with_number")) and self.cleaned_data.get("whose") == SELF

    def clean(self) -> dict[str, Any]:
        """Who reports for another says who that is, and whether the other knows; somebody can be reached."""
        data = self.cleaned_data
        if data.get("whose") == OTHER:
            for name in (*OF_ANOTHER, "aware"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, f"Vul dit in: {self.fields[name].label}")
        home = data.get("street") and data.get("house_number")
        through = data.get("whose") == OTHER and data.get("reporter_contact")
        reached = data.get("phone") or home or through or self.person
        if not reached and not {"phone", "postcode"} & self.errors.keys():
            self.add_error("phone", "Vul een telefoonnummer of een adres in. Dan kunnen wij u bereiken")
        return data

    def where(self) -> Gemeente:
        """The gemeente where the person lives."""
        if self.person:
            return self.person.gemeente
        found: Gemeente = self.only or self.cleaned_data["gemeente"]
        return found

    def facts(self) -> web.WebFacts:
        """The melding as the service takes it; of who is signed in, the names are known."""
        data = self.cleaned_data
        names = ("words", "phone", "no_phone", "no_post", "safe_contact", "urgent", "knew_way", "came_by")
        told = {name: data[name] for name in names}
        if self.person:
            return web.WebFacts(**told)
        told |= {name: data[name] for name in ("given_names", "family_name", *PLACE)}
        told |= {"prefix": data["name_prefix"], "born": PartialDate.number_of(data["born"])}
        if data["whose"] == OTHER:
            told |= {name: data[name] for name in (*OF_ANOTHER, "reporter_contact")} | {"aware": data["aware"] == "ja"}
        return web.WebFacts(**told)


@public
def report(request: ActingRequest) -> HttpResponse:
    """Take a melding, from who is signed in with DigiD and from anybody else."""
    with beyond_scope():  # who is represented, and the gemeente of it
        person = web.person_of(request.actor)
    gemeenten = list(web.gemeenten_with_website())
    verified = bool(kept_number(request))
    facts: dict[str, Any] = {"today": request.actor.today, "person": person, "gemeenten": gemeenten}
    form = WebMeldingForm(posted(request), verified=verified, **facts)
    status = HTTPStatus.OK
    if form.is_valid():
        if not ratelimit.consume(request, action="web_melding"):
            form.add_error(None, TOO_MANY)
            status = HTTPStatus.TOO_MANY_REQUESTS
        elif taken := _take(form, request):
            return redirect("portaal:reported", taken.pk)
    page = {"form": form, "forms": [form], "has_errors": bool(form.errors), "person": person, "none": not gemeenten}
    known = person.gemeente if person else form.only
    named = {"gemeente_naam": f"Gemeente {known.name}", "gemeente_telefoon": known.phone} if known else {}
    return render(request, "portaal/report.html", page | named | {"way_out": settings.WAY_OUT}, status=status)


def _take(form: WebMeldingForm, request: ActingRequest) -> WebMelding | None:
    number = kept_number(request) if form.bears_number else ""
    try:
        taken = web.take_web_melding(gemeente=form.where(), facts=form.facts(), actor=request.actor, bsn_sealed=number)
    except Blocked as stop:
        form.add_error(None, str(stop))
        return None
    forget_number(request)
    return taken


@public
@require_safe
def reported(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Confirm the receipt: day, number and what happens now; opened again it is the same page."""
    with beyond_scope():
        found = get_object_or_404(WebMelding.objects.select_related("gemeente"), pk=pk)
    page = {
        "number": found.number,
        "received": long_date(found.received_on),
        "call_before": long_date(due_on("huisbezoek_contact", found.received_on)),
        "gemeente_naam": f"Gemeente {found.gemeente.name}",
        "gemeente_telefoon": found.gemeente.phone,
        "support": found.gemeente.clientondersteuning,
        "for_other": bool(found.reporter_name),
        "way_out": settings.WAY_OUT,
    }
    return render(request, "portaal/reported.html", page)
