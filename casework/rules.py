"""What must be there before a step: each rule yields sentences that say what is missing, and where to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from casework.enums import DECISION_LAWS, Asker, CaseStatus, HulpvraagStatus, Law, PrivacyKind
from toegang.core.lifecycle import Missing

if TYPE_CHECKING:
    from datetime import date

    from casework.models import Case, Hulpvraag, Person, PrivacyRequest, Signal

H = HulpvraagStatus
BEFORE_THE_TALK = (CaseStatus.MELDING, CaseStatus.GESPREK)  # afterwards it is known what cannot wait
ENDED = frozenset({H.BEEINDIGD, H.DOORGEZET, H.ZONDER_BESLUIT})
INVESTIGATED = frozenset({H.VERSLAG, H.ZONDER_BESLUIT, H.AANVRAAG, H.BESLOTEN, H.LOOPT, H.BEEINDIGD})
NO_SHOWS_FOR_FILE = 2
OF_AGE = 18  # years (BW 1:233)
OWN_INZAGE = 12  # years: a younger child is not given inzage (Wmo 2015 art. 5.3.2)


def has_contactpersoon(case: Case) -> Iterator[Missing]:
    """A conversation asks for a contactpersoon and nothing else."""
    if case.contactpersoon() is None:
        yield Missing("Er is nog geen contactpersoon.", "contactpersoon")


def ready_for_analysis(case: Case) -> Iterator[Missing]:
    """Receipt confirmed, rights told, a subject discussed, and a conversation held or onderzoek on file.

    Wmo 2015 art. 2.3.2 lid 1 (receipt), lid 2 (own plan), lid 3 (cliëntondersteuning). Identity is not asked
    here: it is an open item until the besluit (art. 2.3.4).
    """
    if case.conversation_held_on is None and not case.on_file_reason:
        yield Missing("Er is nog geen gesprek gevoerd.", "gesprek")
    for hulpvraag in case.hulpvragen.all():
        if hulpvraag.status != H.VERWEZEN and hulpvraag.receipt_sent_on is None:
            yield Missing(f"De ontvangst van de melding ({hulpvraag}) is nog niet bevestigd.", "overzicht")
    if case.support_told_on is None:
        yield Missing("Vertel dat een cliëntondersteuner gratis meedenkt.", "gesprek")
    if case.own_plan_told_on is None:
        yield Missing("Vertel dat de inwoner zelf een plan mag maken.", "gesprek")
    if not case.leefgebied_notes.exists():
        yield Missing("Kies ten minste één leefgebied dat u besprak.", "gesprek")


def may_go_on_file(case: Case) -> Iterator[Missing]:
    """No conversation: refused with a reason, or two no-shows over two channels."""
    if case.on_file_reason == "geweigerd":
        return
    missed = case.talks.filter(outcome="niet_verschenen")
    if missed.count() < NO_SHOWS_FOR_FILE or missed.values("form").distinct().count() < NO_SHOWS_FOR_FILE:
        yield Missing("Probeer het twee keer, op twee manieren. Of leg vast dat de inwoner niet wil.", "gesprek")


def onderzoek_complete(hulpvraag: Hulpvraag) -> Iterator[Missing]:
    """Each part of the onderzoek of its own law has an answer, or 'n.v.t.' with the reason.

    Wmo 2015 art. 2.3.2 lid 4 a–g; Jeugdwet art. 2.3 lid 1 in the order of CRvB 2017:1477, with the expert.
    """
    answered = {a.part_id for a in hulpvraag.onderzoek_answers.all() if a.text.strip()}
    law = hulpvraag.get_law_display()
    if hulpvraag.law not in DECISION_LAWS:
        yield Missing(f"Een vraag voor de {law} onderzoekt een ander loket: zet haar door.", "overzicht")
    for part in hulpvraag.parts():
        if part.pk not in answered:
            yield Missing(f"Onderzoek {law}: ‘{part.title}’ is nog leeg.", "analyse", hulpvraag)
    if hulpvraag.law == Law.JEUGD and not hulpvraag.expert_name:
        yield Missing("Noem de deskundige die meekeek (naam, discipline, registratie).", "analyse", hulpvraag)


def leefgebieden_judged(case: Case) -> Iterator[Missing]:
    """Each leefgebied that was discussed says whether it matters here, and why (AVG art. 5: no more than needed)."""
    for note in case.leefgebied_notes.select_related("leefgebied"):
        if note.relevant is None or not note.why.strip():
            yield Missing(f"{note.leefgebied.name}: kies of dit meespeelt en schrijf waarom.", "analyse", note)


def ready_for_verslag(hulpvraag: Hulpvraag) -> Iterator[Missing]:
    """The verslag tells the whole onderzoek (Wmo 2015 art. 2.3.2 lid 8)."""
    yield from leefgebieden_judged(hulpvraag.case)
    yield from onderzoek_complete(hulpvraag)


def ready_for_plan(case: Case) -> Iterator[Missing]:
    """At least one hulpvraag went through its onderzoek, and of each sent verslag the reaction is known.

    A hulpvraag whose onderzoek still runs does not hold the others: its law has a term of its own.
    """
    hulpvragen = list(case.hulpvragen.all())
    yield from leefgebieden_judged(case)
    if not any(h.status in INVESTIGATED | {H.VERWEZEN} for h in hulpvragen):
        yield Missing("Verstuur eerst het verslag van het onderzoek.", "analyse")
    for hulpvraag in hulpvragen:
        if hulpvraag.status == H.VERSLAG and not hulpvraag.reaction:
            yield Missing(f"Leg de reactie op het verslag vast ({hulpvraag}).", "analyse", hulpvraag)


def plan_agreed(case: Case) -> Iterator[Missing]:
    """The plan was agreed in one of its forms; a signature is not needed."""
    if case.plan_agreed_on is None:
        yield Missing("Er is nog geen akkoord op het plan.", "plan")


def plan_needs_maatwerk(case: Case) -> Iterator[Missing]:
    """The agreed plan holds maatwerk, so that a provider is to be chosen."""
    yield from plan_agreed(case)
    if not case.plan_has_maatwerk:
        yield Missing("In dit plan staat geen maatwerk.", "plan")


def plan_without_maatwerk(case: Case) -> Iterator[Missing]:
    """Light help suffices: steps 4 and 5 read 'niet nodig'."""
    yield from plan_agreed(case)
    if case.plan_has_maatwerk:
        yield Missing("In dit plan staat maatwerk: daarvoor is een besluit nodig.", "plan")
    yield from evaluation_planned(case)


def evaluation_planned(case: Case) -> Iterator[Missing]:
    """Temporary from day one: an evaluation date is always there."""
    if case.evaluation_on is None:
        yield Missing("Plan een datum voor de evaluatie.", "evaluatie")


def choices_made(case: Case) -> Iterator[Missing]:
    """An aanvraag came in, and each line of maatwerk has a choice, also 'keuze aan ons' or 'nog geen plek'."""
    if case.plan_has_maatwerk and case.choices_made_on is None:
        yield Missing("Leg voor elke regel vast wie de hulp geeft.", "aanbieder")
    if not any(h.aanvraag_on for h in case.hulpvragen.all()):
        yield Missing("Leg de aanvraag vast.", "aanbieder")


def first_help_decided(case: Case) -> Iterator[Missing]:
    """The first line runs: a besluit was sent."""
    if not any(h.besluit_sent_on for h in case.hulpvragen.all()):
        yield Missing("Er is nog geen besluit verzonden.", "besluit")
    yield from evaluation_planned(case)


def only_referrals_run(case: Case) -> Iterator[Missing]:
    """Every hulpvraag came by a referral, one of them runs, and an evaluation is planned."""
    hulpvragen = list(case.hulpvragen.all())
    if any(not h.referrer for h in hulpvragen):
        yield Missing("Niet elke hulpvraag kwam via een verwijzing: houd eerst een gesprek.", "gesprek")
    if not any(h.status == H.LOOPT for h in hulpvragen):
        yield Missing("Bevestig eerst de verwijzing.", "overzicht")
    yield from evaluation_planned(case)


def extension_asked(case: Case) -> Iterator[Missing]:
    """An aanvraag for an extension came in."""
    if not any(h.status == H.AANVRAAG for h in case.hulpvragen.all()):
        yield Missing("Leg eerst de aanvraag voor verlenging vast.", "aanbieder")


def everything_ended(case: Case) -> Iterator[Missing]:
    """Closing is the one step that looks at every hulpvraag."""
    if not case.close_reason:
        yield Missing("Kies een reden voor het afsluiten.", "afsluiten")
    for hulpvraag in case.hulpvragen.all():
        if hulpvraag.status not in ENDED:
            yield Missing(f"Deze hulpvraag loopt nog: {hulpvraag}.", "afsluiten")


def is_younger(person: Person, years: int, on: date) -> bool:
    """Whether a person is younger than so many years on a day, as far as the birth date is known."""
    born = person.birth
    if not born.year:
        return False
    return (on.year - born.year, on.month, on.day) < (years, born.month or 1, born.day or 1)


def joined_a_signal(signal: Signal) -> Iterator[Missing]:
    """Only what was joined to another signal, and to no case, is taken apart."""
    if signal.linked_to_id is None or signal.case_id is not None:
        yield Missing("Dit signaal is niet samengevoegd met een ander signaal.")


def asker_is_known(request: PrivacyRequest) -> Iterator[Missing]:
    """Who asks was verified, and a representative may ask this (AVG art. 12 lid 6)."""
    if not request.identity.strip():
        yield Missing("Schrijf op hoe u weet wie het vraagt.")
    if request.asker == Asker.VERTEGENWOORDIGER and not request.weighing.strip():
        yield Missing("Schrijf op waarom deze vertegenwoordiger dit mag vragen, en of het belang van het kind past.")


def may_be_shown(request: PrivacyRequest) -> Iterator[Missing]:
    """No inzage for a child younger than twelve; a parent or guardian may ask it (Wmo 2015 art. 5.3.2)."""
    if request.asker == Asker.ZELF and is_younger(request.person, OWN_INZAGE, request.received_on):
        yield Missing(
            "Een kind jonger dan twaalf jaar krijgt zelf geen inzage (Wmo 2015, artikel 5.3.2). "
            "Een ouder of voogd kan het vragen. Wijs dit verzoek af en leg dat uit."
        )


def _of_kind(kind: PrivacyKind, text: str) -> Any:
    def rule(request: PrivacyRequest) -> Iterator[Missing]:
        if request.kind != kind:
            yield Missing(text)

    return rule


is_inzage = _of_kind(PrivacyKind.INZAGE, "Dit is geen verzoek om inzage.")
is_correctie = _of_kind(PrivacyKind.CORRECTIE, "Dit is geen verzoek om verbetering.")
is_beperking = _of_kind(PrivacyKind.BEPERKING, "Dit is geen verzoek om beperking.")


def not_yet_extended(request: PrivacyRequest) -> Iterator[Missing]:
    """A term is made longer once (AVG art. 12 lid 3)."""
    if request.extended_on is not None:
        yield Missing("U verlengde deze termijn al. Dat kan maar één keer.")


def reviewed(request: PrivacyRequest) -> Iterator[Missing]:
    """Somebody chose for every part whether it is given."""
    if not request.review:
        yield Missing("Kies eerst per onderdeel of u het meegeeft.")


def looked_twice(request: PrivacyRequest) -> Iterator[Missing]:
    """A second look was taken; by somebody else when a part is given that we would hold back by ourselves."""
    yield from reviewed(request)
    if request.looked_on is None:
        yield Missing("Laat de keuzes nog een keer nakijken.")
    elif request.gives_of_others() and request.looked_by_id == request.reviewed_by_id:
        yield Missing("U geeft iets mee dat over een ander kan gaan. Laat een collega de keuzes nakijken.")


def is_restricted(request: PrivacyRequest) -> Iterator[Missing]:
    """Only a restriction that is on can be lifted."""
    if request.restricted_on is None or request.lifted_on is not None:
        yield Missing("Het gebruik is niet beperkt.")
