"""What the inwoner reads of one hulpvraag, in B1: where it stands and what comes next, by its own life.

The sentences of a case (casework.notices) hold for the household; where a hulpvraag of one law is further or less
far than the case, its own sentence is shown.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.timezone import localtime

from casework.deadlines import VERSLAG_REACTIE
from casework.enums import CaseStatus, HulpvraagStatus, Law, TalkForm
from casework.letters import FORMS_FOR_YOU
from casework.models import Case, Hulpvraag
from casework.notices import TEXTS
from plans.enums import ActionBy, Agreement
from toegang.core.dates import long_date, weekday_date

C = CaseStatus
H = HulpvraagStatus

SUBJECTS: dict[str, str] = {
    Law.WMO: "hulp en ondersteuning",
    Law.JEUGD: "jeugdhulp",
    Law.PW: "werk en inkomen",
    Law.WGS: "schulden",
}
STATES: dict[str, str] = {
    H.GEMELD: "Wij hebben uw vraag. Wij bellen u om erover te praten.",
    H.VERWEZEN: "U bent naar ons verwezen. Wij regelen dat uw hulp kan beginnen.",
    H.ONDERZOEK: TEXTS[C.VRAAGANALYSE].inwoner,
    H.VERSLAG: "Ons onderzoek is klaar. U kreeg daarvan een verslag.",
    H.ZONDER_BESLUIT: "Voor deze hulp is geen besluit nodig. Wilt u toch een besluit? Dat mag altijd.",
    H.AANVRAAG: TEXTS[C.BESLUIT].inwoner,
    H.BESLOTEN: "Wij hebben een besluit genomen. U leest het in onze brief.",
    H.LOOPT: TEXTS[C.UITVOERING].inwoner,
    H.BEEINDIGD: "Deze vraag is klaar.",
    H.DOORGEZET: "Wij hebben uw vraag doorgestuurd naar een ander loket. Dat loket neemt contact met u op.",
}
BEFORE_THE_DECISION = frozenset({H.GEMELD, H.ONDERZOEK, H.VERSLAG, H.ZONDER_BESLUIT, H.AANVRAAG})
# Where the hulpvraag goes along with the household, the sentence of the case says more.
WITH_THE_CASE: dict[str, frozenset[str]] = {
    H.GEMELD: frozenset({C.MELDING, C.GESPREK}),
    H.VERSLAG: frozenset({C.PLAN, C.AANBIEDER}),
    H.LOOPT: frozenset({C.EVALUATIE}),
}
# What comes next where no date tells it.
AFTERWARDS: dict[str, str] = {
    H.GEMELD: "Daarna zoeken wij samen uit wat u nodig hebt.",
    H.VERWEZEN: "Wij laten u weten wie u gaat helpen.",
    H.ONDERZOEK: "Daarna krijgt u een verslag.",
    H.VERSLAG: "Daarna maken wij samen met u een plan.",
    H.AANVRAAG: "Daarna kan uw hulp beginnen, als u die krijgt.",
    H.BESLOTEN: "Hebt u vragen over het besluit? Bel ons.",
    H.LOOPT: "Wij spreken met u af wanneer wij samen terugkijken.",
}
AFTER_THE_VERSLAG: dict[str, str] = {
    C.PLAN: "Daarna kijken wij samen wie u kan helpen.",
    C.AANBIEDER: "Daarna vraagt u een besluit aan. Wij helpen u daarbij.",
}
DOERS: dict[str, str] = {
    ActionBy.INWONER: "U zelf",
    ActionBy.NETWERK: "Familie, vrienden of buren",
    ActionBy.VRIJ: "Hulp die er voor iedereen is",
    ActionBy.WIJKTEAM: "Het wijkteam",
    ActionBy.AANBIEDER: "Een zorgaanbieder",
}
ANSWERS: dict[str, str] = {
    Agreement.HEEL: "U bent het eens met het hele plan.",
    Agreement.DEELS: "U bent het eens met een deel van het plan.",
    Agreement.ANDERS: "U ziet het anders. Dat hebben wij opgeschreven.",
    Agreement.MONDELING: "U vertelde ons dat u het eens bent met het plan.",
    Agreement.GEEN_REACTIE: "Wij kregen geen antwoord van u. Wilt u iets veranderen? Bel ons dan.",
    Agreement.OVERGENOMEN: "U sprak dit plan eerder met ons af. Wilt u iets veranderen? Bel ons dan.",
}
COMING: dict[str, str] = {
    "wmo_persoonlijk_plan": "U mag zelf een plan maken. Geef het ons uiterlijk op {on}.",
    "wmo_onderzoek": "Ons onderzoek is uiterlijk op {on} klaar. U krijgt dan een verslag.",
    "jeugd_onderzoek": "Wij willen ons onderzoek uiterlijk op {on} klaar hebben. U krijgt dan een verslag.",
    VERSLAG_REACTIE: "Klopt er iets niet in het verslag? Vertel het ons uiterlijk op {on}.",
    "wmo_besluit": "U krijgt ons besluit uiterlijk op {on}.",
    "jeugd_besluit": "U krijgt ons besluit uiterlijk op {on}.",
}
# While a hulpvraag is here, the term is told; later it does not matter to the inwoner any more.
TOLD_WHILE: dict[str, frozenset[str]] = {
    "wmo_persoonlijk_plan": frozenset({H.GEMELD, H.ONDERZOEK}),
    "wmo_onderzoek": frozenset({H.GEMELD, H.ONDERZOEK}),
    "jeugd_onderzoek": frozenset({H.GEMELD, H.ONDERZOEK}),
    VERSLAG_REACTIE: frozenset({H.VERSLAG}),
    "wmo_besluit": frozenset({H.AANVRAAG}),
    "jeugd_besluit": frozenset({H.AANVRAAG}),
}
LATE: dict[str, str] = {
    # Wmo 2015 art. 2.3.2 lid 9: after the six weeks an aanvraag may be made at once.
    "wmo_onderzoek": "Ons onderzoek had op {on} klaar moeten zijn. Bel ons. U mag ook meteen een besluit vragen.",
    "jeugd_onderzoek": "Ons onderzoek duurt langer dan {on}. Bel ons. U mag altijd een besluit vragen.",
    "wmo_besluit": "Ons besluit had er op {on} moeten zijn. Bel ons.",
    "jeugd_besluit": "Ons besluit had er op {on} moeten zijn. Bel ons.",
}


def title_of(hulpvraag: Hulpvraag, *, own: bool = True) -> str:
    """Name a hulpvraag by what it is about and its law; of another person with the name."""
    whose = "Uw vraag" if own else f"De vraag van {hulpvraag.person.name}"
    return f"{whose} over {SUBJECTS[hulpvraag.law]}: {hulpvraag.get_law_display()}"


def state_of(hulpvraag: Hulpvraag) -> str:
    """Say in one or two sentences where a hulpvraag stands."""
    case = hulpvraag.case
    if hulpvraag.status == H.DOORGEZET and hulpvraag.handed_to:
        return f"Wij hebben uw vraag doorgestuurd naar {hulpvraag.handed_to}."
    if case.status not in WITH_THE_CASE.get(hulpvraag.status, ()):
        return STATES[hulpvraag.status]
    waits_for_appointment = case.status == C.GESPREK and case.conversation_on is None
    return TEXTS[C.MELDING if waits_for_appointment else case.status].inwoner


def next_of(hulpvraag: Hulpvraag, now: datetime, bezwaar_until: date | None) -> list[str]:
    """Say what comes next and by when; `now` is the actor's, `bezwaar_until` the last day of bezwaar, if any."""
    sentences = [_conversation(hulpvraag, now), *_terms(hulpvraag, now.date())]
    if bezwaar_until and bezwaar_until >= now.date():
        sentences.append(
            f"Bent u het niet eens met het besluit? U kunt tot en met {long_date(bezwaar_until)} bezwaar maken."
        )
    sentences.append(_evaluation(hulpvraag, now.date()))
    return [sentence for sentence in sentences if sentence] or _afterwards(hulpvraag)


def _afterwards(hulpvraag: Hulpvraag) -> list[str]:
    status = hulpvraag.status
    with_case = AFTER_THE_VERSLAG.get(hulpvraag.case.status) if status == H.VERSLAG else None
    sentence = with_case or AFTERWARDS.get(status)
    return [sentence] if sentence else []


def _conversation(hulpvraag: Hulpvraag, now: datetime) -> str:
    case: Case = hulpvraag.case
    if hulpvraag.status != H.GEMELD or case.conversation_on is None:
        return ""
    at = localtime(case.conversation_on)
    when = f"{weekday_date(at.date())} om {at:%H.%M} uur"
    if case.conversation_on < now:
        return f"Het gesprek was op {when}."
    form = FORMS_FOR_YOU.get(case.conversation_form) or TalkForm(case.conversation_form).label.lower()
    return f"Het gesprek is op {when}, {form}. Kunt u niet? Bel ons dan."


def _terms(hulpvraag: Hulpvraag, today: date) -> list[str]:
    """The open terms of a hulpvraag in the order of their last day; our own late ones are told as late."""
    found = []
    for term in sorted(hulpvraag.deadlines.all(), key=lambda term: term.due_on):
        if term.met_on is None and hulpvraag.status in TOLD_WHILE.get(term.key, ()):
            sentence = (COMING if term.due_on >= today else LATE).get(term.key, "")
            found.append(sentence.format(on=long_date(term.due_on)))
    return found


def _evaluation(hulpvraag: Hulpvraag, today: date) -> str:
    on = hulpvraag.case.evaluation_on
    if on is None or hulpvraag.status not in {H.LOOPT, H.ZONDER_BESLUIT}:
        return ""
    if on < today or hulpvraag.case.status == C.AFGESLOTEN:
        return ""
    return f"Op {long_date(on)} kijken wij samen met u of de hulp goed werkt."
