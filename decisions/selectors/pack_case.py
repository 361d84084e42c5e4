"""The parts of an inzage pack that casework holds: person, questions, talks, onderzoek, letters, terms, access."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.timezone import localtime

from casework.deadlines import LABELS
from casework.enums import GrantKind, TalkOutcome
from casework.models import FactUse, HouseholdMember, Hulpvraag, Melding, Signal
from casework.selectors.around import KINDS
from casework.selectors.facts import facts_of
from decisions.selectors.pack import OTHER, REPORTER, Field, Part, Source
from toegang.accounts.models import RoleAssignment

AROUND = {"familie": "Familie", "vertegenwoordiger": "Vertegenwoordiger", "netwerk": "Netwerk"}
AROUND_WORDS = {
    "name": "Naam",
    "kind": "Wat deze persoon is",
    "gezag": "Gezag",
    "gezag_source": "Gezag blijkt uit",
    "gezag_checked_on": "Gezag nagekeken op",
    "scope": "Waarvoor",
    "organisation": "Organisatie",
    "proof": "Bewijs",
    "proof_seen_on": "Bewijs gezien op",
    "does": "Wat deze persoon doet",
    "how_often": "Hoe vaak",
    "told_by": "Gehoord van",
    "phone": "Telefoon",
    "email": "E-mail",
    "address": "Adres",
    "since": "Vanaf",
    "until": "Tot en met",
}
JUDGED = {True: "ja", False: "nee", None: ""}
SAFETY_ROLE = "aandacht"  # who thinks along about safety is part of the compartment
SHOWN_GRANTS = frozenset(
    {
        *(GrantKind.CONTACTPERSOON, GrantKind.TWEEDE, GrantKind.VERVANGER, GrantKind.CONSULT),
        *(GrantKind.TOETSING, GrantKind.BEZWAAR, GrantKind.KETENPARTNER),
    }
)


def person_parts(source: Source) -> Iterator[Part]:
    """The person as registered; the BSN is masked. Housemates are others."""
    person = source.person
    fields = (
        Field("naam", "Naam", person.name),
        Field("naam_op_brieven", "Naam op brieven", person.letter_name),
        Field("geboren", "Geboren", str(person.birth)),
        Field("bsn", "BSN", person.masked_bsn),
        Field("adres", "Adres", ", ".join(person.address_lines())),
        Field("telefoon", "Telefoon", person.phone),
        Field("email", "E-mail", person.email),
        Field("brieven", "Hoe u brieven krijgt", person.get_letter_channel_display()),
        Field("besluiten", "Hoe u besluiten krijgt", person.get_decision_channel_display()),
        Field("afspraken", "Hoe u afspraken krijgt", person.get_appointment_channel_display()),
        Field("taal", "Taal", person.language),
        Field("tolk", "Tolk", person.get_interpreter_display()),
        Field("geheim_adres", "Adres afgeschermd", "ja" if person.shielded else "nee"),
    )
    yield source.part("persoon", person.pk, "Wie u bent", fields, group="persoon")
    safe = (
        Field("niet_bellen", "Niet bellen", "ja" if person.no_phone else ""),
        Field("geen_post", "Geen post naar huis", "ja" if person.no_post else ""),
        Field("veilig_contact", "Hoe contact veilig kan", person.safe_contact),
    )
    if any(field.value for field in safe):
        yield source.part("veilig_contact", person.pk, "Veilig contact", safe, group="persoon", hold=OTHER)
    yield from _addresses(source)
    yield from _around(source)
    found = HouseholdMember.objects.filter(household_id=source.case.household_id).exclude(person=person)
    for member in found.select_related("person").order_by("since", "pk"):
        facts = (
            Field("naam", "Naam", member.person.name),
            Field("vanaf", "In het huishouden vanaf", member.since),
            Field("tot", "Tot", member.until),
        )
        yield source.part(
            "huisgenoot", member.pk, f"Huisgenoot: {member.person.name}", facts, group="persoon",
            whose=member.person.name, hold=OTHER,
        )  # fmt: skip


def _addresses(source: Source) -> Iterator[Part]:
    for address in source.person.addresses.all():
        place = str(address)
        fields = (
            Field("soort", "Soort", address.get_kind_display()),
            Field("adres", "Adres", ", ".join(part for part in (address.care_of, place) if part)),
            Field("vanaf", "Vanaf", address.since),
            Field("tot", "Tot en met", address.until),
        )
        yield source.part("adres", address.pk, f"{address.get_kind_display()} van u", fields, group="persoon")


def _around(source: Source) -> Iterator[Part]:
    """Family, representatives and network: what they told is theirs too, so each is looked at by itself."""
    for kind, model in KINDS.items():
        for row in model._default_manager.filter(case=source.case, person=source.person):
            fields = tuple(
                Field(name, label, _told(row, name)) for name, label in AROUND_WORDS.items() if hasattr(row, name)
            )
            yield source.part(
                kind, row.pk, f"{AROUND[kind]}: {row.name}", fields, group="persoon", whose=row.name, hold=OTHER
            )


def _told(row: Any, name: str) -> Any:
    shown = getattr(row, f"get_{name}_display", None)
    return shown() if shown else getattr(row, name)


def question_parts(source: Source) -> Iterator[Part]:
    """The meldingen that led to this person's hulpvragen, and the hulpvragen; those of a housemate are others'."""
    for hulpvraag in source.case.hulpvragen.select_related("person"):
        if hulpvraag.person_id == source.person.pk:
            yield _hulpvraag(source, hulpvraag)
        else:
            fields = (Field("vraag", "Vraag", hulpvraag.need), Field("gemeld_op", "Gemeld op", hulpvraag.melding_on))
            yield source.part(
                "hulpvraag_ander", hulpvraag.pk, f"Hulpvraag van een ander: {hulpvraag}", fields, group="vraag",
                whose=hulpvraag.person.name, hold=OTHER,
            )  # fmt: skip
    mine = source.case.hulpvragen.filter(person=source.person)
    meldingen = source.case.meldingen.filter(pk__in=mine.values("melding_id"))
    meldingen = meldingen | source.case.meldingen.filter(person=source.person)
    for melding in meldingen.order_by("received_on", "registered_at", "pk"):
        yield from _melding(source, melding)


def _hulpvraag(source: Source, hulpvraag: Hulpvraag) -> Part:
    fields = (
        Field("wet", "Wet", hulpvraag.get_law_display()),
        Field("vraag", "Vraag", hulpvraag.need),
        Field("gemeld_op", "Gemeld op", hulpvraag.melding_on),
        Field("stand", "Stand", hulpvraag.get_status_display()),
        Field("verwijzer", "Verwezen door", f"{hulpvraag.get_referrer_display()} {hulpvraag.referrer_name}".strip()),
        Field("ontvangst_bevestigd_op", "Ontvangst bevestigd op", hulpvraag.receipt_sent_on),
        Field("aanvraag_op", "Aanvraag ontvangen op", hulpvraag.aanvraag_on),
        Field("besluit_op", "Besluit verzonden op", hulpvraag.besluit_sent_on),
        Field("hulp_vanaf", "Hulp begonnen op", hulpvraag.help_started_on),
        Field("hulp_van", "Hulp van", hulpvraag.referred_to),
        Field("doorgezet_naar", "Doorgezet naar", hulpvraag.handed_to),
        Field("geeindigd_op", "Geëindigd op", hulpvraag.ended_on),
        Field("reden_einde", "Waarom geëindigd", hulpvraag.end_reason.replace("_", " ")),
    )
    sent_on = [
        Field(f"loket_{row.pk}", f"Bij {row.desk} sinds {row.sent_on:%d-%m-%Y}", row.outcome or "nog bezig")
        for row in hulpvraag.forwardings.order_by("sent_on", "pk")
    ]
    law = hulpvraag.get_law_display()
    return source.part(
        "hulpvraag", hulpvraag.pk, f"Uw vraag ({law})", (*fields, *sent_on), group="vraag", hulpvraag=law
    )


def _melding(source: Source, melding: Melding) -> Iterator[Part]:
    """The day and the route are the person's; words of a reporter, or about a housemate too, are looked at first."""
    on = (
        Field("ontvangen_op", "Ontvangen op", melding.received_on),
        Field("route", "Hoe", melding.get_route_display()),
    )
    yield source.part("melding", melding.pk, "De melding", on, group="vraag")
    for told in melding.feedback.all():
        what = (
            Field("aan", "Aan wie", told.to),
            Field("mag", "Mocht dat", "ja" if told.agreed else "nee"),
            Field("gezegd_door", "Gezegd door", told.said_by),
            Field("gezegd_op", "Gezegd op", told.said_on),
            Field("zin", "Verteld", told.sentence),
            Field("verteld_op", "Verteld op", told.told_on),
        )
        yield source.part(
            "terugkoppeling", told.pk, "Wat wij de melder of verwijzer vertelden", what, group="vraag",
            whose=told.to, hold=REPORTER,
        )  # fmt: skip
    words = Field("woorden", "Woorden", melding.words)
    if melding.reporter_name or melding.person_id != source.person.pk:
        who = (
            Field("melder", "Wie het meldde", melding.reporter_name),
            Field("hoedanigheid", "Als", melding.reporter_capacity),
        )
        name = melding.reporter_name or melding.person.name
        yield source.part(
            "melding_melder", melding.pk, "Wie het meldde, met de woorden", (*who, words), group="vraag",
            whose=name, hold=REPORTER,
        )  # fmt: skip
        return
    about_others = melding.hulpvragen.exclude(person=source.person).exists()
    hold = source.household_hold if about_others else ""
    yield source.part("melding_woorden", melding.pk, "De woorden van de melding", (words,), group="vraag", hold=hold)


def signal_parts(source: Source) -> Iterator[Part]:
    """The signals that ended in this case, of who bears its name; who gave one is kept apart (AVG art. 15 lid 4)."""
    if not source.bears_name:
        return
    for signal in Signal.objects.filter(Q(case=source.case) | Q(linked_to__case=source.case)).order_by("received_on"):
        fields = (
            Field("ontvangen_op", "Ontvangen op", signal.received_on),
            Field("gezien", "Wat er is gezien of gehoord", signal.seen),
            Field("afloop", "Hoe het afliep", signal.get_status_display()),
        )
        yield source.part("signaal", signal.pk, "Signaal", fields, group="vraag", hold=REPORTER)
        for attempt in signal.attempts.all():
            tried = (
                Field("op", "Op", attempt.on),
                Field("hoe", "Hoe", attempt.get_way_display()),
                Field("uitkomst", "Uitkomst", attempt.get_result_display()),
                Field("tekst", "Wat er is gezegd", attempt.text),
            )
            held = REPORTER if attempt.text else ""
            yield source.part("poging", attempt.pk, "Poging om u te spreken", tried, group="vraag", hold=held)


def talk_parts(source: Source) -> Iterator[Part]:
    """The conversations; who were there is about others, what was said is about the household."""
    for call in source.case.first_calls.all():
        told = (
            Field("op", "Gebeld op", call.called_on),
            Field("wat", "Wat er aan de hand is", call.what),
            Field("wens", "Wat u wilt", call.wants),
            Field("afgesproken", "Afgesproken", call.agreed),
            Field("verder", "Hoe het verder gaat", call.get_way_display()),
        )
        hold = source.household_hold
        yield source.part("eerste_gesprek", call.pk, "Eerste telefoongesprek", told, group="gesprek", hold=hold)
        who = (Field("met", "Met wie", call.spoke_with),)
        title, others = "Met wie er gebeld is", {"whose": "wie er gebeld is", "hold": OTHER}
        yield source.part("eerste_gesprek_met", call.pk, title, who, group="gesprek", **others)
    for talk in source.case.talks.all():
        at = localtime(talk.planned_at) if talk.planned_at else None
        fields = (
            Field("vorm", "Vorm", talk.get_form_display()),
            Field("gepland", "Gepland op", at.strftime("%Y-%m-%d %H:%M") if at else ""),
            Field("uitkomst", "Uitkomst", talk.get_outcome_display()),
            Field("gehouden_op", "Gehouden op", talk.held_on),
        )
        yield source.part("gesprek", talk.pk, "Gesprek", fields, group="gesprek")
        if talk.outcome != TalkOutcome.GEPLAND and talk.summary:
            said = (Field("samenvatting", "Samenvatting", talk.summary),)
            hold = source.household_hold
            yield source.part("gesprek_verslag", talk.pk, "Wat er gezegd is", said, group="gesprek", hold=hold)
        if talk.present:
            who = (Field("aanwezig", "Aanwezig", talk.present),)
            yield source.part(
                "gesprek_aanwezig", talk.pk, "Wie er waren", who, group="gesprek", whose="de aanwezigen", hold=OTHER
            )


def inquiry_parts(source: Source) -> Iterator[Part]:
    """What was said per leefgebied (of the household), and the onderzoek and verslag per own hulpvraag."""
    for note in source.case.leefgebied_notes.select_related("leefgebied"):
        fields = (
            Field("speelt_mee", "Speelt mee", JUDGED[note.relevant]),
            Field("waarom", "Waarom", note.why),
            Field("situatie", "Hoe het is", note.situation),
        )
        title, hold = f"Leefgebied: {note.leefgebied.name}", source.household_hold
        yield source.part("leefgebied", note.pk, title, fields, group="onderzoek", hold=hold)
    for hulpvraag in source.case.hulpvragen.filter(person=source.person):
        law = hulpvraag.get_law_display()
        for found in hulpvraag.onderzoek_answers.select_related("part"):
            answered = (
                Field("niet_van_toepassing", "Niet van toepassing", "ja" if found.not_applicable else ""),
                Field("antwoord", "Antwoord", found.text),
            )
            title = f"Onderzoek ({law}): {found.part.title}"
            yield source.part("onderzoek", found.pk, title, answered, group="onderzoek", hulpvraag=law)
        yield from _verslag(source, hulpvraag, law)


def _verslag(source: Source, hulpvraag: Hulpvraag, law: str) -> Iterator[Part]:
    expert = f"{hulpvraag.expert_name}, {hulpvraag.expert_discipline}" if hulpvraag.expert_name else ""
    fields = (
        Field("verzonden_op", "Verslag verzonden op", hulpvraag.verslag_sent_on),
        Field("deskundige", "Deskundige die meekeek", expert),
        Field("reactie", "Uw reactie", hulpvraag.get_reaction_display()),
        Field("reactie_op", "Reactie van", hulpvraag.reaction_on),
        Field("reactie_woorden", "In uw woorden", hulpvraag.reaction_text),
    )
    if hulpvraag.verslag_sent_on or expert:
        yield source.part("verslag", hulpvraag.pk, f"Het verslag ({law})", fields, group="onderzoek", hulpvraag=law)


def fact_parts(source: Source) -> Iterator[Part]:
    """The own file, of every law; who told it may be somebody else. The file of a housemate is not gathered."""
    for fact in facts_of(source.case, source.person):
        law, title = fact.get_law_display(), f"Dossier: {fact.leefgebied.name}"
        said = (Field("op", "Van", fact.gathered_on), Field("tekst", "Wat er staat", fact.text))
        yield source.part("feit", fact.pk, title, said, group="onderzoek", hulpvraag=law)
        told = (Field("bron", "Van wie wij dit weten", fact.source),)
        yield source.part("feit_bron", fact.pk, f"{title}, bron", told, group="onderzoek", hold=REPORTER)
    for use in FactUse.objects.filter(case=source.case, person=source.person).select_related("leefgebied"):
        fields = (
            Field("van", "Gegevens van", use.get_from_law_display()),
            Field("voor", "Gebruikt voor", use.get_to_law_display()),
            Field("leefgebied", "Over", str(use.leefgebied or "alle leefgebieden")),
            Field("reden", "Waarom het mag", use.get_ground_display()),
            Field("gever", "Wie dat goed vond", use.giver),
            Field("doel", "Waarvoor", use.purpose),
            Field("vanaf", "Vanaf", use.since),
            Field("tot", "Tot en met", use.until),
            Field("beeindigd_op", "Beëindigd op", use.ended_on),
        )
        yield source.part("gebruik", use.pk, "Gebruik onder een andere wet", fields, group="rechten")


def letter_parts(source: Source) -> Iterator[Part]:
    """Letters to this person: the letters themselves were sent already, and stay as they are."""
    letters = source.case.letters.filter(addressee=source.person).select_related("document", "hulpvraag")
    for letter in letters:
        fields = (
            Field("kenmerk", "Kenmerk", letter.reference),
            Field("verzonden_op", "Verzonden op", letter.sent_on),
            Field("kanaal", "Hoe", letter.get_channel_display()),
            Field("bestand", "Bestand", letter.document.name if letter.document else ""),
            Field("sha256", "Controlegetal van het bestand", letter.document.sha256 if letter.document else ""),
        )
        law = letter.hulpvraag.get_law_display() if letter.hulpvraag else ""
        yield source.part("brief", letter.pk, letter.subject, fields, group="brieven", hulpvraag=law)


def term_parts(source: Source) -> Iterator[Part]:
    """The terms of the own hulpvragen."""
    for term in source.case.deadlines.filter(hulpvraag__person=source.person).order_by("starts_on", "key", "pk"):
        fields = (
            Field("vanaf", "Begint op", term.starts_on),
            Field("uiterlijk", "Laatste dag", term.due_on),
            Field("klaar_op", "Klaar op", term.met_on),
        )
        law = term.hulpvraag.get_law_display()
        title = f"Termijn ({law}): {LABELS.get(term.key, term.key)}"
        yield source.part("termijn", term.pk, title, fields, group="verloop", hulpvraag=law)


def right_parts(source: Source) -> Iterator[Part]:
    """The statements and the requests of this person."""
    for statement in source.case.statements.filter(person=source.person):
        said = (Field("over", "Over", statement.get_subject_display()), Field("op", "Van", statement.on),
                  Field("verklaring", "Verklaring", statement.text))  # fmt: skip
        yield source.part("verklaring", statement.pk, "Uw verklaring", said, group="rechten")
    for request in source.case.privacy_requests.filter(person=source.person).order_by("received_on", "pk"):
        fields = (
            Field("ontvangen_op", "Ontvangen op", request.received_on),
            Field("woorden", "In uw woorden", request.words),
            Field("afgehandeld_op", "Afgehandeld op", request.ended_on),
            Field("uitkomst", "Uitkomst", request.get_outcome_display()),
            Field("reden", "Waarom niet", request.ground),
            Field("uitleg", "Uitleg", request.explanation),
        )
        yield source.part("verzoek", request.pk, f"Uw verzoek: {request.get_kind_display()}", fields, group="rechten")


def access_parts(source: Source) -> Iterator[Part]:
    """Who of the gemeente and its partners could open the case, and when; the reasons may hold others' data."""
    safety = RoleAssignment.objects.filter(role_id=SAFETY_ROLE).values("user_id")
    grants = source.case.grants.filter(kind__in=SHOWN_GRANTS).exclude(user__in=safety).select_related("user")
    for grant in grants.order_by("validity", "pk"):
        fields = (
            Field("naam", "Naam", grant.user.name),
            Field("als", "Als", grant.get_kind_display()),
            Field("vanaf", "Vanaf", localtime(grant.validity.lower).date()),
            Field("tot", "Tot", localtime(grant.validity.upper).date() if grant.validity.upper else None),
        )
        yield source.part("toegang", grant.pk, f"Toegang: {grant.get_kind_display()}", fields, group="toegang")
    team = (Field("team", "Team", source.case.team.name),)
    if not source.case.shielded:
        yield source.part("team", source.case.team_id, "Het team dat aan uw zaak werkt", team, group="toegang")
