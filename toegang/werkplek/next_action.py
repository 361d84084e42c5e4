"""The one thing to do now in a case, from its state: what, where, by when, and what still stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.timezone import localtime

from casework import rules
from casework.enums import DECISION_LAWS, CaseStatus, Channel, HulpvraagStatus
from casework.models import Case, Hulpvraag
from casework.permissions import may_assign
from decisions.enums import BeschikkingStatus
from decisions.models import Beschikking
from decisions.rules import ready_for_review, ready_to_send
from plans.enums import EvaluatieStatus, PlanStatus
from plans.rules import ready_to_share
from plans.services.plan import present_plan
from toegang.accounts.models import User
from toegang.core.access import Actor
from toegang.core.dates import long_date, weekday_date
from toegang.core.lifecycle import Missing
from toegang.core.templatetags.ui import DueView
from toegang.werkplek.page import PLACES, links

C = CaseStatus
H = HulpvraagStatus
B = BeschikkingStatus
MOST_OBSTACLES = 6  # a longer list is no help; its last line tells how many more


@dataclass(frozen=True)
class NextAction:
    """What the box of the next action shows; without an address there is nothing to press."""

    title: str
    text: str = ""
    url: str = ""
    label: str = ""
    due: DueView | None = None
    obstacles: tuple[tuple[str, str], ...] = ()
    secondary: tuple[tuple[str, str], ...] = ()


def next_action(
    case: Case, actor: Actor, *, contact: User | None, handles: bool, dues: Sequence[tuple[str, DueView]]
) -> NextAction:
    """Exactly one action from the state; who may not handle the case sees it without buttons.

    The page knows already who is contactpersoon, whether the actor handles the case, and its terms
    (casework.selectors.due_views); a date of the inwoner is never the day by which we must act.
    """
    if contact is None and case.status == C.MELDING:
        action = _contactpersoon(case)
    else:
        action = _of_urgent(case) or _by_hulpvraag(case) or _ACTIONS[case.status](case)
    looks_back = case.status in {C.UITVOERING, C.EVALUATIE}
    due = next((due for what, due in dues if not due.note and (looks_back or what != "Evaluatie")), None)
    action = replace(action, due=due if case.status != C.AFGESLOTEN else None)
    assigns = case.team_id in actor.team_ids if handles else may_assign(case, actor)
    if not handles and not (assigns and action.url == _address(case, "contactpersoon")):
        action = replace(action, url="", label="")
    return replace(action, secondary=tuple(_secondary(case, action, handles=handles, assigns=assigns)))


def _address(case: Case, part: str) -> str:
    return reverse(PLACES[part], args=[case.pk])


def _action(
    case: Case, title: str, label: str, part: str, *, text: str = "", missing: Iterable[Missing] = ()
) -> NextAction:
    found = links(dict.fromkeys(missing), case)  # two rules may ask the same thing
    if len(found) > MOST_OBSTACLES:
        rest = len(found) - MOST_OBSTACLES + 1
        found = [*found[: MOST_OBSTACLES - 1], (f"En nog {rest} dingen", _address(case, part))]
    return NextAction(title, text, _address(case, part), label, obstacles=tuple(found))


def _contactpersoon(case: Case) -> NextAction:
    text = "Zonder contactpersoon kan er geen gesprek zijn."
    return _action(case, "Kies een contactpersoon", "Contactpersoon kiezen", "contactpersoon", text=text)


def _melding(case: Case) -> NextAction:
    return _action(case, "Bel en plan het gesprek", "Gesprek plannen", "gesprek")


def _gesprek(case: Case) -> NextAction:
    if case.conversation_on is None:
        text = "Het vorige gesprek ging niet door."
        return _action(case, "Plan een nieuw gesprek", "Gesprek plannen", "gesprek", text=text)
    at = localtime(case.conversation_on)
    text = f"Het gesprek is op {weekday_date(at.date())} om {at:%H.%M} uur."
    return _action(case, "Houd het gesprek", "Gesprek vastleggen", "gesprek", text=text)


def _vraaganalyse(case: Case) -> NextAction:
    open_ones = [h for h in case.hulpvragen.all() if h.status == H.ONDERZOEK]
    of_verslag = [m for h in open_ones for m in rules.ready_for_verslag(h)]
    missing = [*of_verslag, *rules.ready_for_plan(case)]
    if open_ones:
        title = "Maak de vraaganalyse af" if of_verslag else "Verstuur het verslag"
        return _action(case, title, "Naar de vraaganalyse", "analyse", missing=missing)
    if missing:
        return _action(case, "Leg de reactie op het verslag vast", "Naar de vraaganalyse", "analyse", missing=missing)
    return _action(case, "Rond de vraaganalyse af en begin het plan", "Naar de vraaganalyse", "analyse")


def _plan(case: Case) -> NextAction:
    plan = present_plan(case)
    if plan is None:
        return _action(case, "Begin het plan, samen met de inwoner", "Plan beginnen", "plan")
    if plan.status == PlanStatus.AKKOORD:
        text = "Er komt een nieuwe versie. Het oude plan blijft leesbaar."
        return _action(case, "Pas het plan aan", "Naar het plan", "plan", text=text)
    if plan.status == PlanStatus.GEDEELD and plan.shared_on:
        sent = f" U stuurde op {long_date(plan.reminded_on)} een herinnering." if plan.reminded_on else ""
        text = f"Het plan is gedeeld op {long_date(plan.shared_on)}.{sent}"
        return _action(case, "Leg vast wat de inwoner van het plan vindt", "Antwoord vastleggen", "plan", text=text)
    missing = list(ready_to_share(plan))
    title = "Maak het plan af" if missing else "Deel het plan met de inwoner"
    return _action(case, title, "Naar het plan", "plan", missing=missing)


def _aanbieder(case: Case) -> NextAction:
    missing = list(rules.choices_made(case))
    title = "Leg de keuze en de aanvraag vast" if missing else "Ga door naar het besluit"
    return _action(case, title, "Naar de keuze", "aanbieder", missing=missing)


def _besluit(case: Case) -> NextAction:
    """No aanvraag waits for a decision any more, and no help began."""
    text = "Elke aanvraag is beslist. Loopt er geen hulp? Sluit de zaak af, of ga terug naar het plan."
    return _action(case, "Kies hoe de zaak verder gaat", "Zaak afsluiten", "afsluiten", text=text)


def _evaluatie(case: Case) -> NextAction:
    if case.status == C.EVALUATIE and not case.evaluaties.exclude(status=EvaluatieStatus.AFGEROND).exists():
        text = "De evaluatie is geweest. Pas het plan aan, verleng de hulp of sluit de zaak af."
        return _action(case, "Kies hoe de hulp verder gaat", "Naar de evaluatie", "evaluatie", text=text)
    text = f"De evaluatie is op {long_date(case.evaluation_on)}." if case.evaluation_on else ""
    return _action(case, "Houd de evaluatie", "Naar de evaluatie", "evaluatie", text=text)


def _afgesloten(case: Case) -> NextAction:
    on = f"Op {long_date(case.closed_on)}. " if case.closed_on else ""
    return NextAction("Geen: deze zaak is afgesloten", f"{on}Komt er een nieuwe vraag? Dan kan de zaak weer open.")


_ACTIONS: dict[str, Callable[[Case], NextAction]] = {
    C.MELDING: _melding,
    C.GESPREK: _gesprek,
    C.VRAAGANALYSE: _vraaganalyse,
    C.PLAN: _plan,
    C.AANBIEDER: _aanbieder,
    C.BESLUIT: _besluit,
    C.UITVOERING: _evaluatie,
    C.EVALUATIE: _evaluatie,
    C.AFGESLOTEN: _afgesloten,
}


def _of_urgent(case: Case) -> NextAction | None:
    """A spoedbesluit to be posted, or that the toetser does not agree with; only an urgent case has one."""
    if not case.urgent or case.status == C.AFGESLOTEN:
        return None
    for found in case.urgent_decisions.filter(replaced_by=None).select_related("letter", "reviewer"):
        letter = found.letter
        if found.sent_on is None and letter and letter.channel == Channel.PAPIER and letter.document_id:
            text, url = "De dag van posten is de dag van het besluit.", reverse("werkplek:print_list")
            return NextAction("Post de brief met het spoedbesluit", text, url, "Naar de afdruklijst")
        if found.agrees is False and not found.answer:
            url = reverse("werkplek:urgent_follow", args=[case.pk, found.pk])
            title = f"{found.reviewer} is het niet eens met het spoedbesluit"
            return NextAction(title, found.remarks, url, "Vastleggen wat u deed")
    return None


def _by_hulpvraag(case: Case) -> NextAction | None:
    """What the life of the hulpvragen asks before the state of the case does."""
    hulpvragen = list(case.hulpvragen.all())
    states = {h.status for h in hulpvragen}
    if case.status == C.AFGESLOTEN:
        return None
    if case.status in {C.BESLUIT, C.UITVOERING, C.EVALUATIE} and H.AANVRAAG in states:
        return _decision(case, [h for h in hulpvragen if h.status == H.AANVRAAG])
    joined_later = any(h.status == H.GEMELD and h.law in DECISION_LAWS for h in hulpvragen)
    if joined_later and case.status not in {C.MELDING, C.GESPREK}:
        return _action(case, "Begin het onderzoek van de nieuwe hulpvraag", "Naar de vraaganalyse", "analyse")
    if case.status in {C.UITVOERING, C.EVALUATIE} and states & {H.ONDERZOEK, H.VERSLAG}:
        return _action(case, "Rond het onderzoek van de andere hulpvraag af", "Naar de vraaganalyse", "analyse")
    return _without_talk(case, hulpvragen)


def _without_talk(case: Case, hulpvragen: list[Hulpvraag]) -> NextAction | None:
    """What asks no conversation: a referral, questions for another desk only, a case that was reopened."""
    states = {h.status for h in hulpvragen}
    if states <= {H.VERWEZEN, H.DOORGEZET} and H.VERWEZEN in states:
        first = next(h for h in hulpvragen if h.status == H.VERWEZEN)
        url = reverse("werkplek:referral", args=[case.pk, first.pk])
        text, label = (
            f"Verwezen door {first.referrer_name or first.get_referrer_display().lower()}.",
            "Verwijzing bevestigen",
        )
        return NextAction("Bevestig de verwijzing", text, url, label)
    if states == {H.DOORGEZET}:
        text = "Elke vraag is doorgezet naar een ander loket."
        return _action(case, "Sluit de zaak af", "Zaak afsluiten", "afsluiten", text=text)
    if case.status == C.MELDING and states <= rules.ENDED:
        text = "Deze zaak is heropend. In de wet is dat een nieuwe melding, met een eigen datum."
        url = reverse("werkplek:melding_new")
        return NextAction("Leg de nieuwe melding vast", text, url, "Nieuwe melding")
    return None


def _decision(case: Case, asked: list[Hulpvraag]) -> NextAction:
    """What can be done now comes before what somebody else has to do first."""
    under_way = Beschikking.objects.filter(case=case).exclude(status__in=[B.VERZONDEN, B.VERVALLEN])
    found = {b.hulpvraag_id: b for b in under_way.select_related("reviewer", "letter", "case", "hulpvraag__person")}
    order = [B.VASTGESTELD, None, B.CONCEPT, B.IN_VERZENDING, B.TER_TOETSING]
    pairs = [(h, found.get(h.pk)) for h in asked]
    hulpvraag, beschikking = min(pairs, key=lambda pair: order.index(pair[1].status if pair[1] else None))
    return _of_beschikking(case, hulpvraag, beschikking)


def _of_beschikking(case: Case, hulpvraag: Hulpvraag, beschikking: Beschikking | None) -> NextAction:
    of, label = f" ({hulpvraag})", "Naar het besluit"
    if beschikking is None:
        return _action(case, f"Stel het besluit op{of}", "Besluit opstellen", "besluit")
    if beschikking.status == B.CONCEPT:
        missing = list(ready_for_review(beschikking))
        title = "Maak het besluit af" if missing else "Laat het besluit toetsen"
        text = f"De toetser schreef: {beschikking.remarks}" if beschikking.remarks else ""
        return _action(case, title + of, label, "besluit", text=text, missing=missing)
    if beschikking.status == B.TER_TOETSING:
        text = f"{beschikking.reviewer} toetst het besluit. U hoeft nu niets te doen."
        return _action(case, f"Wacht op de toetser{of}", label, "besluit", text=text)
    if beschikking.status == B.VASTGESTELD:
        return _action(case, f"Verstuur het besluit{of}", label, "besluit", missing=ready_to_send(beschikking))
    letter = beschikking.letter
    if letter and letter.channel == Channel.PAPIER and letter.document_id:
        text, url = "De dag van posten is de dag van het besluit.", reverse("werkplek:print_list")
        return NextAction(f"Post de brief met het besluit{of}", text, url, "Naar de afdruklijst")
    return _action(case, f"Het besluit wordt verzonden{of}", label, "besluit", text="U hoeft nu niets te doen.")


def _secondary(case: Case, action: NextAction, *, handles: bool, assigns: bool) -> Iterator[tuple[str, str]]:
    """What else may be done, never what the one action is already."""
    if case.status == C.AFGESLOTEN:
        if assigns:
            yield "Zaak heropenen", reverse("werkplek:case_reopen", args=[case.pk])
        return
    if handles and case.status == C.MELDING and action.url == _address(case, "gesprek"):
        yield "Eerste telefoongesprek vastleggen", reverse("werkplek:first_call", args=[case.pk])
    if handles and _has_step_back(case):
        yield "Stap terug", reverse("werkplek:case_step_back", args=[case.pk])
    close, contact = _address(case, "afsluiten"), _address(case, "contactpersoon")
    if assigns and action.url != contact:
        yield "Contactpersoon wijzigen", contact
    if handles and action.url != close:
        yield "Zaak afsluiten", close


def _has_step_back(case: Case) -> bool:
    """Whether the flow knows a step back from here; those steps ask nothing but the right to handle."""
    return any(t.name.startswith("return_to_") and t.source == case.status for t in case.get_all_status_transitions())
