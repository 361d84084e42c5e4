"""The letter of a beschikking: in the order that makes rights and duties clear, one besluit per law and person."""

from __future__ import annotations

from datetime import date

from casework.letters import COMPOSERS, common_values, hulpvraag_values
from casework.models import Letter
from decisions.enums import Outcome
from decisions.models import Beschikking, Contribution
from plans.enums import CareForm, Choice
from plans.models import MaatwerkLine
from toegang.core.dates import long_date
from toegang.core.letters import LetterError, Section, compose
from toegang.core.terms import due_on

ARTICLES = {
    ("wmo", Outcome.TOEKENNING): "artikel 2.3.5 van de Wet maatschappelijke ondersteuning 2015",
    ("wmo", Outcome.WEIGERING): "artikel 2.3.5 van de Wet maatschappelijke ondersteuning 2015",
    ("jeugd", Outcome.TOEKENNING): "artikel 2.3 van de Jeugdwet",
    ("jeugd", Outcome.WEIGERING): "artikel 2.3 van de Jeugdwet",
}


def beschikking_letter(letter: Letter, on: date) -> list[Section]:
    """Compose the decision: what, how much, until when, why, contribution, duties, law, bezwaar, questions.

    Awb art. 3:45 (bezwaar), 3:46–3:50 (reasons), 6:7–6:8 (six weeks from the day after dispatch); hours stand in
    the decision (CRvB 2022:2322); no contribution under the Jeugdwet.
    """
    beschikking = letter.beschikking
    lines = list(beschikking.lines.select_related("product", "provider"))
    values = (
        common_values(letter, on)
        | hulpvraag_values(beschikking.hulpvraag)
        | _decision_values(beschikking, on)
        | _help_values(lines)
    )
    return compose(
        letter.kind,
        law=beschikking.hulpvraag.law,
        gemeente_id=letter.gemeente_id,
        on=on,
        values=values | _contribution_values(beschikking, on),
        leave_out=_left_out(beschikking, lines),
    )


def bezwaar_until(sent_on: date) -> date:
    """The last day of bezwaar: six weeks from the day after dispatch (Awb art. 6:7, 6:8; Atw)."""
    return due_on("bezwaar_indienen", sent_on)


def _decision_values(beschikking: Beschikking, on: date) -> dict[str, str]:
    hulpvraag, gemeente = beschikking.hulpvraag, beschikking.gemeente
    evaluation = beschikking.case.evaluation_on
    return {
        "aanvraag_datum": long_date(hulpvraag.aanvraag_on) if hulpvraag.aanvraag_on else "",
        "motivering": beschikking.motivation,
        "weigeringsgrond": beschikking.refusal_ground,
        "evaluatie_datum": long_date(evaluation) if evaluation else "",
        "wetsartikel": ARTICLES[(hulpvraag.law, Outcome(beschikking.outcome))],
        "verordening": gemeente.verordening_wmo if hulpvraag.law == "wmo" else gemeente.verordening_jeugd,
        "bezwaar_tot_en_met": long_date(bezwaar_until(on)),
    }


def _help_values(lines: list[MaatwerkLine]) -> dict[str, str]:
    if not lines:
        return {}
    return {
        "voorziening": _and([line.product.name for line in lines]),
        "volume_tekst": _and([f"{line.product.name}: {line.amount_text}" for line in lines]),
        "resultaat": _and([line.goal.result for line in lines]),
        "vanaf": long_date(min(line.starts_on for line in lines)),
        "tot_en_met": long_date(max(line.ends_on for line in lines)),
        "aanbieder": _and([_provider(line) for line in lines]),
        "vorm_tekst": _and([_form(line) for line in lines]),
    }


def _and(parts: list[str]) -> str:
    """Join with commas and 'en', each part once."""
    unique = list(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} en {unique[-1]}"


def _provider(line: MaatwerkLine) -> str:
    if line.provider:
        return line.provider.name
    if line.choice == Choice.PGB:
        return "de hulpverlener die u zelf kiest"
    return "een aanbieder die wij u nog laten weten"


def _form(line: MaatwerkLine) -> str:
    return "een persoonsgebonden budget (pgb)" if line.form == CareForm.PGB else "zorg in natura"


def _contribution_values(beschikking: Beschikking, on: date) -> dict[str, str]:
    """The amount of the year in which the letter goes out; without a tariff the letter cannot be made."""
    if not _pays(beschikking):
        return {"bijdrage_bedrag": "", "bijdrage_jaar": str(on.year)}
    tariff = Contribution.objects.valid_on(on).filter(law="wmo").order_by("-valid_from").first()
    if tariff is None:
        raise LetterError(f"Geen bedrag voor de eigen bijdrage op {on}")
    return {"bijdrage_bedrag": str(tariff), "bijdrage_jaar": str(on.year)}


def _pays(beschikking: Beschikking) -> bool:
    return any(line.product.contribution for line in beschikking.lines.select_related("product"))


def _left_out(beschikking: Beschikking, lines: list[MaatwerkLine]) -> set[str]:
    if beschikking.outcome == Outcome.WEIGERING:
        return {"besluit_toekenning", "wat_krijgt_u", "eigen_bijdrage", "geen_eigen_bijdrage", "afspraken"}
    pays = beschikking.hulpvraag.law != "wmo" or any(line.product.contribution for line in lines)
    return {"besluit_weigering", "geen_eigen_bijdrage" if pays else "eigen_bijdrage"}


COMPOSERS["beschikking"] = beschikking_letter
