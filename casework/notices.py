"""The three texts of every state: for the professional, for the inwoner (B1) and for the manager."""

from __future__ import annotations

from dataclasses import dataclass

from casework.enums import CaseStatus

C = CaseStatus
STEP_TITLES = (
    "Vraag stellen",
    "Gesprek",
    "Vraaganalyse en plan",
    "Zorgaanbieder kiezen",
    "Beslissing",
    "Hulp start",
    "Evalueren",
)


@dataclass(frozen=True)
class StateTexts:
    """One state in the words of three audiences."""

    professional: str
    inwoner: str
    manager: str


TEXTS: dict[str, StateTexts] = {
    C.MELDING: StateTexts(
        "Bel en plan het gesprek", "Wij bellen u om een gesprek af te spreken.", "Wacht op een gesprek"
    ),
    C.GESPREK: StateTexts(
        "Bereid het gesprek voor en houd het", "Wij hebben een gesprek met u afgesproken.", "Gesprek gepland"
    ),
    C.VRAAGANALYSE: StateTexts("Maak de vraaganalyse af", "Wij schrijven op wat u ons vertelde.", "Vraaganalyse"),
    C.PLAN: StateTexts("Maak het plan met de inwoner", "Wij maken samen met u een plan.", "Plan van aanpak"),
    C.AANBIEDER: StateTexts(
        "Leg de keuze en de aanvraag vast", "Kies wie u gaat helpen. Wij helpen u daarbij.", "Aanbieder kiezen"
    ),
    C.BESLUIT: StateTexts(
        "Stel het besluit op", "Wij nemen een besluit. U krijgt daarover een brief.", "Besluit maken"
    ),
    C.UITVOERING: StateTexts(
        "Vraag of de hulp goed loopt", "Uw hulp loopt. Later kijken wij samen hoe het gaat.", "Hulp loopt"
    ),
    C.EVALUATIE: StateTexts(
        "Kijk samen terug: stoppen, lichter, gelijk of zwaarder",
        "Hoe gaat het? Wij kijken samen terug.",
        "Evaluatie",
    ),
    C.AFGESLOTEN: StateTexts("Geen: deze zaak is afgesloten", "Uw zaak is klaar.", "Afgesloten"),
}
