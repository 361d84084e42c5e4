"""The letter of a beschikking: in the order that makes rights and duties clear, one besluit per law and person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from casework.letters import COMPOSERS, Sheet, common_values, hulpvraag_values, sheet
from casework.models import Hulpvraag, Letter, Reason
from decisions.enums import Outcome
from decisions.models import Beschikking, Contribution, UrgentDecision
from plans.enums import CareForm, Choice, PgbHelper, PlanStatus
from plans.models import MaatwerkLine, Pgb
from toegang.core.dates import long_date
from toegang.core.letters import LetterError, Section, compose
from toegang.core.terms import due_on

ARTICLES = {"wmo": "artikel 2.3.5", "jeugd": "artikel 2.3"}  # the text of the letter names the law itself
PGB_ARTICLES = {"wmo": "artikel 2.3.6", "jeugd": "artikel 8.1.1"}
INVESTIGATED = "Daarna onderzochten wij wat er aan de hand is en wat u nodig hebt."
PGB_HELPERS = {
    PgbHelper.FORMEEL: "een beroepskracht (formeel tarief)",
    PgbHelper.INFORMEEL: "iemand uit uw eigen netwerk (informeel tarief)",
}
NOT_YET = "U deed een aanvraag. Daarom nemen wij nu een besluit."


def beschikking_letter(letter: Letter, on: date) -> list[Section]:
    """Compose the decision: what, how much, until when, why, contribution, duties, law, bezwaar, questions.

    Awb art. 3:45 (bezwaar), 3:46–3:50 (reasons), 6:7–6:8 (six weeks from the day after dispatch); hours stand in
    the decision (CRvB 2022:2322); no contribution under the Jeugdwet.
    """
    return _sections(letter.beschikking, letter, on)


def draft_sheet(beschikking: Beschikking, on: date) -> Sheet:
    """The letter as it would go out on a day, for who writes and who tests it; nothing is stored."""
    hulpvraag = beschikking.hulpvraag
    letter = Letter(
        gemeente=beschikking.gemeente,
        case=beschikking.case,
        addressee=hulpvraag.person,
        kind="beschikking",
        subject=subject_of(hulpvraag),
        reference=beschikking.number or "volgt bij het versturen",
    )
    return sheet(letter, on, _sections(beschikking, letter, on))


def subject_of(hulpvraag: Hulpvraag) -> str:
    """What the letter is about."""
    return f"Besluit op uw aanvraag ({hulpvraag.get_law_display()})"


def _sections(beschikking: Beschikking, letter: Letter, on: date) -> list[Section]:
    lines = list(beschikking.lines.select_related("product", "provider", "goal", "pgb"))
    values = (
        common_values(letter, on)
        | hulpvraag_values(beschikking.hulpvraag)
        | _decision_values(beschikking, on)
        | (_help_values(lines) if lines else {"voorziening": _refused_help(beschikking)})
        | _pgb_values(_pgbs(lines))
        | contribution_values(lines, on)
    )
    return compose(
        letter.kind,
        law=beschikking.hulpvraag.law,
        gemeente_id=letter.gemeente_id,
        on=on,
        values=values,
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
        "wetsartikel": _article(beschikking),
        "onderzoek_zin": INVESTIGATED if hulpvraag.verslag_sent_on else NOT_YET,
        "geweigerd": _and([line.product.name for line in beschikking.refused_lines().select_related("product")]),
        "verordening": gemeente.verordening_wmo if hulpvraag.law == "wmo" else gemeente.verordening_jeugd,
        "bezwaar_tot_en_met": long_date(bezwaar_until(on)),
    }


def _article(beschikking: Beschikking) -> str:
    """The article that the decision rests on: of the refusal ground, of the grant, and of a pgb."""
    law = beschikking.hulpvraag.law
    if beschikking.outcome == Outcome.WEIGERING:
        ground = Reason.objects.filter(kind="weigering", label=beschikking.refusal_ground).first()
        own = ground.article.removesuffix(" Wmo 2015").removesuffix(" Jeugdwet") if ground else ""
        return own or ARTICLES[law]
    has_pgb = beschikking.lines.filter(form=CareForm.PGB).exists()
    return f"{ARTICLES[law]} en {PGB_ARTICLES[law]}" if has_pgb else ARTICLES[law]


def _refused_help(beschikking: Beschikking) -> str:
    """What the plan asked for and is refused; without a line in the plan it is help in general."""
    asked = beschikking.hulpvraag.lines.filter(plan__status=PlanStatus.AKKOORD).select_related("product")
    return _and([line.product.name for line in asked]) if asked else "hulp"


def _help_values(lines: list[MaatwerkLine]) -> dict[str, str]:
    return {
        "voorziening": _and([line.product.name for line in lines]),
        "volume_tekst": _amounts(lines),
        "resultaat": _and([line.goal.result for line in lines]),
        "vanaf": long_date(min(line.starts_on for line in lines)),
        "tot_en_met": long_date(max(line.ends_on for line in lines)),
        "aanbieder": _per_line(lines, _provider),
        "vorm_tekst": _per_line(lines, _form),
    }


def _amounts(lines: list[MaatwerkLine]) -> str:
    """How much; with several lines each with the help that it is about."""
    if len(lines) == 1:
        return lines[0].amount_text
    return _and([f"{line.product.name}: {line.amount_text}{_period(line, lines)}" for line in lines])


def _period(line: MaatwerkLine, lines: list[MaatwerkLine]) -> str:
    """The period of one line, when not all lines run in the same period."""
    if len({(other.starts_on, other.ends_on) for other in lines}) == 1:
        return ""
    return f" (vanaf {long_date(line.starts_on)} tot en met {long_date(line.ends_on)})"


def _per_line(lines: list[MaatwerkLine], words: Callable[[MaatwerkLine], str]) -> str:
    """The same words for all lines once; else each with the help that it is about."""
    if len({words(line) for line in lines}) == 1:
        return words(lines[0])
    return _and([f"{words(line)} ({line.product.name})" for line in lines])


def _and(parts: list[str]) -> str:
    """Join with commas and 'en', each part once."""
    unique = list(dict.fromkeys(parts))
    return "".join(unique) if len(unique) <= 1 else f"{', '.join(unique[:-1])} en {unique[-1]}"


def _provider(line: MaatwerkLine) -> str:
    if line.provider:
        return line.provider.name
    if line.choice == Choice.PGB:
        return "de hulpverlener die u zelf kiest"
    return "een aanbieder die wij u nog laten weten"


def _form(line: MaatwerkLine) -> str:
    return "een persoonsgebonden budget (pgb)" if line.form == CareForm.PGB else "zorg in natura"


def _pgbs(lines: list[MaatwerkLine]) -> list[Pgb]:
    """The budgets that are worked out; a draft may still lack one, what goes to the toetser may not."""
    return [line.pgb for line in lines if line.form == CareForm.PGB and hasattr(line, "pgb")]


def _pgb_values(pgbs: list[Pgb]) -> dict[str, str]:
    """The amount and how it was computed, who manages it and the quality that was agreed, each with its help."""

    def each(words: Callable[[Pgb], str]) -> str:
        several = len({words(pgb) for pgb in pgbs}) > 1
        return _and([f"{words(pgb)} ({pgb.line.product.name})" if several else words(pgb) for pgb in pgbs])

    return {
        "pgb_beheer": " ".join(dict.fromkeys(_managed(pgb, pgbs) for pgb in pgbs)),
        "pgb_kwaliteit": each(lambda pgb: pgb.quality),
        "pgb_bedrag": _and([f"{pgb.amount_text} ({pgb.line.product.name})" for pgb in pgbs]),
        "pgb_berekening": each(lambda pgb: pgb.how_text),
        "pgb_hulpverlener": each(lambda pgb: PGB_HELPERS[pgb.helper]),
    }


def _managed(pgb: Pgb, pgbs: list[Pgb]) -> str:
    several = len({other.manager for other in pgbs}) > 1
    who = f"{pgb.manager} beheert het pgb voor u" if pgb.manager else "U beheert het pgb zelf"
    return f"{who} ({pgb.line.product.name})." if several else f"{who}."


def contribution_values(lines: Sequence[MaatwerkLine | UrgentDecision], on: date) -> dict[str, str]:
    """The amount of the year in which the letter goes out; without a tariff the letter cannot be made."""
    if not any(line.product.contribution for line in lines):
        return {"bijdrage_bedrag": "", "bijdrage_jaar": str(on.year)}
    tariff = Contribution.objects.valid_on(on).filter(law="wmo").order_by("-valid_from").first()
    if tariff is None:
        raise LetterError(f"Geen bedrag voor de eigen bijdrage op {on}")
    return {"bijdrage_bedrag": str(tariff), "bijdrage_jaar": str(on.year)}


def _left_out(beschikking: Beschikking, lines: list[MaatwerkLine]) -> set[str]:
    if beschikking.outcome == Outcome.WEIGERING:
        granted = {"besluit_toekenning", "wat_krijgt_u", "afspraken", "pgb"}
        return granted | {"besluit_deels", "eigen_bijdrage", "geen_eigen_bijdrage"}
    pays = beschikking.hulpvraag.law != "wmo" or any(line.product.contribution for line in lines)
    whole = set() if beschikking.refused_lines().exists() else {"besluit_deels"}
    whole |= set() if _pgbs(lines) else {"pgb"}
    return whole | {"besluit_weigering", "geen_eigen_bijdrage" if pays else "eigen_bijdrage"}


COMPOSERS["beschikking"] = beschikking_letter
