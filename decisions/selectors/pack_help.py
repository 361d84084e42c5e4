"""The parts of an inzage pack that plans and decisions hold: the plan, the help, the decisions, the evaluations."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.enums import BeschikkingStatus
from decisions.models import Beschikking, FormerDecision, UrgentDecision
from decisions.selectors.pack import OTHER, UNFINISHED, Field, Part, Source
from plans.enums import ActionBy, Rung
from plans.models import Evaluatie, Goal, LadderRung, MaatwerkLine, Plan

ABOUT_OTHERS = frozenset({Rung.GEBRUIKELIJK, Rung.NETWERK})


def plan_parts(source: Source) -> Iterator[Part]:
    """Every version of the plan: own goals, actions, ladder and help; what serves a housemate is another's."""
    plans = Plan.objects.filter(case=source.case).order_by("number")
    for plan in plans:
        yield from _plan(source, plan)
        lines = list(plan.lines.select_related("hulpvraag__person", "product", "provider", "goal", "pgb"))
        own = {line.goal_id for line in lines if line.hulpvraag.person_id == source.person.pk}
        hidden = {line.goal_id for line in lines} - own
        for goal in plan.goals.filter(removed=False).prefetch_related("actions"):
            mine = goal.pk in own or (source.bears_name and goal.pk not in hidden)
            yield from _goal(source, plan, goal, mine=mine)
        for line in lines:
            if line.hulpvraag.person_id == source.person.pk:
                yield _line(source, plan, line)
        for rung in plan.rungs.filter(hulpvraag__person=source.person).select_related("hulpvraag").order_by("pk"):
            yield _rung(source, plan, rung)


def _plan(source: Source, plan: Plan) -> Iterator[Part]:
    """The words of who bears the case's name; for a housemate they are another's."""
    fields = (
        Field("stand", "Stand", plan.get_status_display()),
        Field("gedeeld_op", "Gedeeld op", plan.shared_on),
        Field("antwoord", "Antwoord", plan.get_agreement_display() if plan.agreement else ""),
        Field("antwoord_op", "Antwoord van", plan.agreed_on),
    )
    yield source.part("plan", plan.pk, f"Plan, versie {plan.number}", fields, group="plan")
    words = (Field("woorden", "Wat u wilt", plan.own_words), Field("reactie", "Reactie", plan.inwoner_words))
    if plan.own_words or plan.inwoner_words:
        hold = "" if source.bears_name else OTHER
        whose = source.person.name if source.bears_name else source.case.person.name
        title = f"Plan, versie {plan.number}: eigen woorden"
        yield source.part("plan_woorden", plan.pk, title, words, group="plan", hold=hold, whose=whose)


def _goal(source: Source, plan: Plan, goal: Goal, *, mine: bool) -> Iterator[Part]:
    hold = "" if mine else OTHER
    whose = source.person.name if mine else "een huisgenoot"
    result, version = (Field("resultaat", "Resultaat", goal.result),), f"versie {plan.number}"
    yield source.part("doel", goal.pk, f"Doel in plan, {version}", result, group="plan", hold=hold, whose=whose)
    for action in goal.actions.all():
        fields = (
            Field("wie", "Wie", action.get_by_display()),
            Field("wat", "Wat", action.what),
            Field("wanneer", "Uiterlijk", action.by_when),
        )
        others = OTHER if action.by == ActionBy.NETWERK else hold
        title = f"Afspraak in plan, {version}"
        yield source.part("actie", action.pk, title, fields, group="plan", hold=others, whose=whose)


def _line(source: Source, plan: Plan, line: MaatwerkLine) -> Part:
    pgb = getattr(line, "pgb", None)
    fields = (
        Field("hulp", "Hulp", line.product.name),
        Field("hoeveel", "Hoeveel", line.amount_text),
        Field("vanaf", "Vanaf", line.starts_on),
        Field("tot_en_met", "Tot en met", line.ends_on),
        Field("vorm", "Vorm", line.get_form_display()),
        Field("aanbieder", "Aanbieder", line.provider.name if line.provider else ""),
        Field("keuze", "Keuze", line.get_choice_display() if line.choice else ""),
        Field("reden_keuze", "Waarom deze keuze", line.choice_reason),
        Field("pgb_bedrag", "Budget (pgb)", pgb.amount_text if pgb else ""),
        Field("pgb_beheerder", "Wie het budget beheert", pgb.manager if pgb else ""),
        Field("pgb_kunnen", "Pgb: kunt u het zelf", pgb.able if pgb else ""),
        Field("pgb_wens", "Pgb: waarom u dit wilt", pgb.wish if pgb else ""),
        Field("pgb_kwaliteit", "Pgb: goede hulp", pgb.quality if pgb else ""),
    )
    law = line.hulpvraag.get_law_display()
    return source.part(
        "hulp", line.pk, f"Hulp in plan, versie {plan.number} ({law})", fields, group="plan", hulpvraag=law
    )


def _rung(source: Source, plan: Plan, rung: LadderRung) -> Part:
    law, found = rung.hulpvraag.get_law_display(), (Field("bevinding", "Bevinding", rung.finding),)
    title = f"Lichtere hulp in plan, versie {plan.number} ({law}): {rung.get_rung_display()}"
    hold = OTHER if rung.rung in ABOUT_OTHERS else ""
    return source.part("ladder", rung.pk, title, found, group="plan", hold=hold, hulpvraag=law)


def decision_parts(source: Source) -> Iterator[Part]:
    """The decisions on the own hulpvragen; a draft is not finished."""
    found = Beschikking.objects.filter(case=source.case, hulpvraag__person=source.person)
    for beschikking in found.select_related("hulpvraag").order_by("sent_on", "pk"):
        granted = ", ".join(f"{line.product.name}: {line.amount_text}" for line in _granted(beschikking))
        fields = (
            Field("nummer", "Nummer", beschikking.number),
            Field("uitkomst", "Uitkomst", beschikking.get_outcome_display()),
            Field("hulp", "Hulp", granted),
            Field("waarom", "Waarom", beschikking.motivation),
            Field("weigeringsgrond", "Waarom niet", beschikking.refusal_ground),
            Field("verzonden_op", "Verzonden op", beschikking.sent_on),
            Field("bezwaar_tot_en_met", "Bezwaar tot en met", beschikking.bezwaar_until),
        )
        law = beschikking.hulpvraag.get_law_display()
        hold = "" if beschikking.status == BeschikkingStatus.VERZONDEN else UNFINISHED
        yield source.part(
            "besluit", beschikking.pk, f"Besluit ({law})", fields, group="besluit", hulpvraag=law, hold=hold
        )
    yield from _urgent(source)
    yield from _former(source)


def _urgent(source: Source) -> Iterator[Part]:
    """Temporary help that was decided at once; what a toetser found of it is about our own work."""
    found = UrgentDecision.objects.filter(case=source.case, hulpvraag__person=source.person)
    for urgent in found.select_related("hulpvraag", "product", "provider").order_by("decided_on", "pk"):
        fields = (
            Field("nummer", "Nummer", urgent.number),
            Field("hulp", "Hulp", f"{urgent.product.name}: {urgent.amount_text}"),
            Field("vanaf", "Vanaf", urgent.starts_on),
            Field("tot_en_met", "Tot en met", urgent.ends_on),
            Field("aanbieder", "Aanbieder", urgent.provider.name if urgent.provider else ""),
            Field("waarom", "Waarom", urgent.motivation),
            Field("verzonden_op", "Verzonden op", urgent.sent_on),
            Field("bezwaar_tot_en_met", "Bezwaar tot en met", urgent.bezwaar_until),
        )
        law = urgent.hulpvraag.get_law_display()
        yield source.part("spoedbesluit", urgent.pk, f"Spoedbesluit ({law})", fields, group="besluit", hulpvraag=law)


def _former(source: Source) -> Iterator[Part]:
    """What was decided before the case came here; the help itself stands in the plan."""
    found = FormerDecision.objects.filter(case=source.case, hulpvraag__person=source.person)
    for former in found.select_related("hulpvraag").order_by("sent_on", "pk"):
        fields = (
            Field("uit", "Uit", former.source),
            Field("nummer", "Nummer", former.reference),
            Field("verzonden_op", "Verzonden op", former.sent_on),
        )
        law = former.hulpvraag.get_law_display()
        yield source.part(
            "eerder_besluit", former.pk, f"Eerder besluit ({law})", fields, group="besluit", hulpvraag=law
        )


def _granted(beschikking: Beschikking) -> list[MaatwerkLine]:
    return list(beschikking.lines.select_related("product").order_by("starts_on", "id"))


def evaluation_parts(source: Source) -> Iterator[Part]:
    """The evaluations are of the plan of the whole household."""
    for found in Evaluatie.objects.filter(case=source.case):
        fields = (
            Field("gepland_op", "Gepland op", found.due_on),
            Field("stand", "Stand", found.get_status_display()),
        )
        yield source.part("evaluatie", found.pk, "Evaluatie", fields, group="verloop")
        views = (Field("inwoner", "Hoe het volgens u gaat", found.inwoner_view),
                 Field("wij", "Hoe het volgens ons gaat", found.our_view))  # fmt: skip
        if found.inwoner_view or found.our_view:
            hold = source.household_hold
            yield source.part(
                "evaluatie_woorden", found.pk, "Evaluatie: wat er gezegd is", views, group="verloop", hold=hold
            )
