"""What goes into the letters of casework: values for the placeholders, and the sheet that is laid out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime

from casework.enums import PrivacyKind, PrivacyOutcome, PrivacyStatus
from casework.models import Case, Grant, Hulpvraag, Letter, Person, PrivacyRequest, Reason, Talk
from casework.rules import is_younger
from toegang.accounts.models import User
from toegang.core.dates import long_date, weekday_date
from toegang.core.letters import Section, compose
from toegang.core.naming import OPENING
from toegang.core.terms import due_on

ADULT_READER = 16  # years
FORMS_FOR_YOU = {"thuis": "bij u thuis", "kantoor": "bij ons op kantoor"}
Composer = Callable[[Letter, date], list[Section]]


@dataclass(frozen=True)
class Sheet:
    """A letter as the template lays it out."""

    gemeente_name: str
    sender_lines: list[str]
    addressee_lines: list[str]
    date_text: str
    reference: str
    contact_name: str
    contact_phone: str
    subject: str
    sections: list[Section]
    closing_lines: list[str]
    enclosures: list[str]


def common_values(letter: Letter, on: date) -> dict[str, str]:
    """Values that every letter may use."""
    case, gemeente = letter.case, letter.gemeente
    contact = case.contactpersoon()
    return {
        "gemeente": gemeente.name,
        "aanhef": f"{_salutation(letter.addressee, on)},",
        "zaaknummer": case.reference,
        "kenmerk": letter.reference,
        "verzenddatum": long_date(on),
        "contactpersoon": contact.name if contact else "het wijkteam",
        "contact_telefoon": contact.phone if contact and contact.phone else gemeente.phone,
        "clientondersteuning": gemeente.clientondersteuning,
        "vertrouwenspersoon": gemeente.vertrouwenspersoon,
        "bezwaar_postadres": ", ".join(gemeente.bezwaar_address.splitlines()),
        "bezwaar_website": gemeente.website,
        "rechtbank": gemeente.rechtbank,
    }


def hulpvraag_values(hulpvraag: Hulpvraag) -> dict[str, str]:
    """Values of one hulpvraag; the own plan has its days under the Wmo (art. 2.3.2 lid 2)."""
    terms = {d.key: d.due_on for d in hulpvraag.deadlines.all()}
    onderzoek = terms.get(f"{hulpvraag.law}_onderzoek")
    own_plan = terms.get("wmo_persoonlijk_plan")
    return {
        "melding_datum": long_date(hulpvraag.melding_on),
        "hulpvragen": hulpvraag.need.strip(),
        "onderzoek_uiterlijk": long_date(onderzoek) if onderzoek else "",
        "eigen_plan_uiterlijk": long_date(own_plan) if own_plan else "",
    }


def receipt(letter: Letter, on: date) -> list[Section]:
    """Confirm the receipt of a melding (Wmo 2015 art. 2.3.2 lid 1; Jeugdwet art. 2.5 for the vertrouwenspersoon)."""
    hulpvraag = _hulpvraag(letter)
    values = common_values(letter, on) | hulpvraag_values(hulpvraag)
    return compose(letter.kind, law=hulpvraag.law, gemeente_id=letter.gemeente_id, on=on, values=values)


def invitation(letter: Letter, on: date) -> list[Section]:
    """Invite to the conversation."""
    talk = letter.case.talks.filter(outcome="gepland").first()
    values = common_values(letter, on) | {
        "gesprek_datum": _moment(talk),
        "gesprek_vorm": FORMS_FOR_YOU.get(talk.form, talk.get_form_display().lower()) if talk else "",
    }
    return compose(letter.kind, law="", gemeente_id=letter.gemeente_id, on=on, values=values)


def new_contact(letter: Letter, on: date) -> list[Section]:
    """Tell the inwoner who the contactpersoon is from now on, and who helps when that colleague is not there."""
    handover = letter.case.handovers.first()
    cover = cover_of(letter.case)
    values = common_values(letter, on) | {
        "vanaf": long_date(handover.on if handover else on),
        "gemeente_telefoon": letter.gemeente.phone,
    }
    if cover:
        values |= {
            "vervanger": cover.user.name,
            "vervanger_telefoon": cover.user.phone or letter.gemeente.phone,
            "tot_en_met": long_date(cover.absence.until),
        }
    left_out = ["er_niet" if cover else "vervanging"]
    gemeente_id = letter.gemeente_id
    return compose(letter.kind, law="", gemeente_id=gemeente_id, on=on, values=values, leave_out=left_out)


def cover_of(case: Case) -> Grant | None:
    """The grant of who covers for the contactpersoon now, because of an absence; the first by name."""
    covers = case.grants.valid_now().filter(absence__isnull=False).select_related("user", "absence")
    found: Grant | None = covers.order_by("user__name").first()
    return found


def _moment(talk: Talk | None) -> str:
    if talk is None or talk.planned_at is None:
        return ""
    at = localtime(talk.planned_at)
    return f"{weekday_date(at.date())} om {at:%H.%M} uur"


def verslag(letter: Letter, on: date) -> list[Section]:
    """Tell the outcome of the onderzoek in writing (Wmo 2015 art. 2.3.2 lid 8): each part, in its order."""
    hulpvraag = _hulpvraag(letter)
    values = common_values(letter, on) | hulpvraag_values(hulpvraag)
    values["reactie_uiterlijk"] = long_date(due_on("verslag_reactie", on))
    before = compose(letter.kind, law=hulpvraag.law, gemeente_id=letter.gemeente_id, on=on, values=values)
    notes = _leefgebied_sections(hulpvraag)
    answers = {a.part_id: a for a in hulpvraag.onderzoek_answers.all()}
    parts = [
        Section(f"deel-{part.key}", part.title, [_answer(answers[part.pk])])
        for part in hulpvraag.parts()
        if part.pk in answers
    ]
    expert = [
        Section("deskundige", "Welke deskundige keek mee?", [
            f"{hulpvraag.expert_name}, {hulpvraag.expert_discipline} ({hulpvraag.expert_registration})."
        ])
    ] if hulpvraag.expert_name else []  # fmt: skip
    return [*before[:1], *notes, *parts, *expert, *before[1:]]


def _leefgebied_sections(hulpvraag: Hulpvraag) -> list[Section]:
    """What was said of the household, only when all of it is about this person under this law.

    Facts never pass between housemates or, without consent, between laws (Wmo 2015 art. 5.1.1 lid 4).
    """
    case = hulpvraag.case
    if case.hulpvragen.exclude(person_id=hulpvraag.person_id, law=hulpvraag.law).exists():
        return []
    notes = case.leefgebied_notes.filter(relevant=True).select_related("leefgebied")
    return [
        Section(f"leefgebied-{n.leefgebied.key}", n.leefgebied.name, [t for t in (n.situation, n.why) if t.strip()])
        for n in notes
    ]


def _answer(answer: object) -> str:
    prefix = "Niet van toepassing. " if getattr(answer, "not_applicable", False) else ""
    return prefix + str(getattr(answer, "text", ""))


def _hulpvraag(letter: Letter) -> Hulpvraag:
    if letter.hulpvraag is None:
        raise ValueError(f"{letter.kind} needs a hulpvraag")
    return letter.hulpvraag


def _salutation(person: Person, on: date) -> str:
    return f"{OPENING} ouder(s) of voogd van {person.name}" if is_young(person, on) else person.salutation


def _envelope(person: Person, on: date) -> list[str]:
    """The addressee; of a child under sixteen its parents, who act for it (BW 1:245; Jeugdwet art. 7.3.4)."""
    if is_young(person, on):
        return ["Aan de ouder(s) of voogd van", person.name, *person.post_lines(on)]
    return person.envelope_lines(on)


def is_young(person: Person, on: date) -> bool:
    """Whether a person is under sixteen on a day, as far as the birth date is known."""
    return is_younger(person, ADULT_READER, on)


def sheet(letter: Letter, on: date, sections: list[Section], *, signer: User | None = None) -> Sheet:
    """The whole letter: head, addressee, reference, text, signature (Awb art. 10:10: on behalf of the college)."""
    values = common_values(letter, on)
    signer = signer or SIGNERS.get(letter.kind, _contactpersoon)(letter)
    return Sheet(
        gemeente_name=letter.gemeente.name,
        sender_lines=letter.gemeente.post_address.splitlines(),
        addressee_lines=_envelope(letter.addressee, on),
        date_text=long_date(on),
        reference=letter.reference,
        contact_name=values["contactpersoon"],
        contact_phone=values["contact_telefoon"],
        subject=letter.subject,
        sections=sections,
        closing_lines=[
            "Met vriendelijke groet,",
            f"namens het college van burgemeester en wethouders van {letter.gemeente.name},",
            signer.name if signer else values["contactpersoon"],
            signer.job_title if signer else "",
        ],
        enclosures=[],
    )


def _contactpersoon(letter: Letter) -> User | None:
    return letter.case.contactpersoon()


SIGNERS: dict[str, Callable[[Letter], User | None]] = {}  # {kind: who signs}; every other by the contactpersoon


PRIVACY_ARTICLES: dict[str, str] = {
    PrivacyKind.INZAGE: "artikel 15 AVG",
    PrivacyKind.CORRECTIE: "artikel 16 AVG",
    PrivacyKind.BEPERKING: "artikel 18 AVG",
}
REFUSED = "afwijzing"


def privacy_values(request: PrivacyRequest) -> dict[str, str]:
    """Values of a request about the own data."""
    refusal = Reason.objects.filter(kind="avg_afwijzing", label=request.ground).first() if request.ground else None
    return {
        "verzoek_datum": long_date(request.received_on),
        "avg_uiterlijk": long_date(request.available_until) if request.available_until else "",
        "avg_uitleg": request.explanation.strip(),
        "avg_grond": f"{request.ground[:1].lower()}{request.ground[1:]}",
        "avg_artikel": refusal.article if refusal else PRIVACY_ARTICLES[request.kind],
    }


def privacy_answer(letter: Letter, on: date) -> list[Section]:
    """Answer a request about the own data, with bezwaar and klacht (AVG art. 12 lid 3 and 4; UAVG art. 34)."""
    request = letter.privacy_answer
    told = REFUSED if request.status == PrivacyStatus.AFGEWEZEN else request.outcome
    values = common_values(letter, on) | privacy_values(request)
    values["bezwaar_tot_en_met"] = long_date(due_on("bezwaar_indienen", on))
    others = {*PrivacyOutcome.values, REFUSED} - {told}
    return compose(letter.kind, law="", gemeente_id=letter.gemeente_id, on=on, values=values, leave_out=others)


def privacy_delay(letter: Letter, on: date) -> list[Section]:
    """Tell within the first month that the answer takes longer, and why (AVG art. 12 lid 3)."""
    request = letter.privacy_notice
    values = common_values(letter, on) | privacy_values(request)
    values |= {"avg_uitleg": request.extension_reason.strip(), "avg_uiterlijk": long_date(request.due_on)}
    return compose(letter.kind, law="", gemeente_id=letter.gemeente_id, on=on, values=values)


COMPOSERS: dict[str, Composer] = {
    "ontvangstbevestiging": receipt,
    "uitnodiging": invitation,
    "nieuwe_contactpersoon": new_contact,
    "eerste_contactpersoon": new_contact,
    "verslag": verslag,
    "avg_antwoord": privacy_answer,
    "avg_verlenging": privacy_delay,
}
