"""What the invented people ask, in words: used by the stories of the demo and by the generator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from plans.enums import ActionBy


@dataclass(frozen=True)
class Theme:
    """One kind of question with all that is written about it until the besluit; no product means light help."""

    law: str
    words: str
    need: str
    notes: Mapping[str, tuple[str, str]]  # leefgebied: situation, why it matters
    findings: tuple[str, ...]  # one for each part of the onderzoek, in its order
    own_words: str
    goal: str
    actions: tuple[tuple[ActionBy, str], ...]
    rungs: tuple[str, str, str, str]
    product: str = ""
    volume: Decimal = Decimal(1)
    motivation: str = ""


HUISHOUDEN = Theme(
    law="wmo",
    words="Sinds mijn heupoperatie lukt het niet meer om mijn huis schoon te houden.",
    need="Hulp bij het schoonmaken van het huis",
    notes={
        "gezondheid": ("Lopen en bukken gaat moeilijk na een operatie aan de heup.", "Dit raakt het huishouden."),
        "huishouden": ("Stoffen en koken lukt. Dweilen, ramen en het bed verschonen niet.", "Hierover gaat de vraag."),
    },
    findings=(
        "De inwoner wil in het eigen huis blijven wonen, en wil dat het schoon is.",
        "Licht werk lukt zelf, in kleine stukken. Er zijn geen huisgenoten.",
        "De dochter doet de boodschappen. Meer lukt niet naast haar werk.",
        "De dochter houdt het vol zolang het bij de boodschappen blijft.",
        "De buurtkamer kookt twee keer per week. Schoonmaken doet niemand in de buurt gratis.",
        "De fysiotherapeut werkt aan het lopen. Wij spreken af wie wat doet.",
        "De inwoner weet van de eigen bijdrage van het CAK.",
    ),
    own_words="Ik wil in mijn eigen huis blijven, en dat het er schoon is.",
    goal="Ik woon in een schoon huis",
    actions=(
        (ActionBy.INWONER, "Ik doe zelf het lichte werk, zoals stoffen en koken"),
        (ActionBy.NETWERK, "Mijn dochter doet elke week de boodschappen"),
        (ActionBy.AANBIEDER, "Een hulp doet het zware werk"),
    ),
    rungs=(
        "Licht werk lukt zelf. Zwaar werk niet.",
        "Er zijn geen huisgenoten.",
        "De dochter doet de boodschappen en kan niet meer doen.",
        "Er is geen gratis hulp in de buurt voor zwaar schoonmaakwerk.",
    ),
    product="huishoudelijke_hulp",
    volume=Decimal(3),
    motivation="Door uw heup kunt u het zware werk in huis niet zelf doen. Uw dochter helpt al met de boodschappen. "
    "Daarom krijgt u hulp bij het zware werk.",
)
DAGBESTEDING = Theme(
    law="wmo",
    words="Mijn vrouw zorgt de hele dag voor mij. Zij wordt moe en ik kom nergens meer.",
    need="Overdag iets te doen hebben, zodat de partner kan uitrusten",
    notes={
        "dagbesteding": ("De dagen zijn leeg en lang. Vroeger was er de werkplaats.", "Hierover gaat de vraag."),
        "mantelzorg": ("De partner zorgt dag en nacht en slaapt slecht.", "Zonder rust houdt zij het niet vol."),
        "vervoer": ("Fietsen en de bus gaan niet meer.", "Zonder vervoer lukt dagbesteding niet."),
    },
    findings=(
        "De inwoner wil weer met zijn handen werken, tussen andere mensen.",
        "Thuis lukt aankleden en eten met hulp van de partner.",
        "De partner doet alles. Een neef komt om de week een middag.",
        "De partner wil twee dagen per week voor zichzelf hebben.",
        "Het buurthuis heeft een soosmiddag, maar geen begeleiding.",
        "De huisarts en de casemanager dementie zijn betrokken.",
        "De inwoner weet van de eigen bijdrage van het CAK.",
    ),
    own_words="Ik wil weer onder de mensen zijn, en mijn vrouw rust gunnen.",
    goal="Ik heb twee dagen per week iets te doen buiten de deur",
    actions=(
        (ActionBy.NETWERK, "Mijn neef blijft om de week een middag komen"),
        (ActionBy.AANBIEDER, "Ik ga naar de dagbesteding, met het busje"),
    ),
    rungs=(
        "Alleen op pad gaan lukt niet meer.",
        "De partner zorgt al meer dan gebruikelijk is.",
        "De neef komt om de week. Meer lukt niet.",
        "De soosmiddag heeft geen begeleiding.",
    ),
    product="dagbesteding",
    volume=Decimal(4),
    motivation="U kunt overdag niet alleen zijn en uw vrouw zorgt al dag en nacht voor u. In het buurthuis is geen "
    "begeleiding. Daarom krijgt u dagbesteding.",
)
BEGELEIDING = Theme(
    law="wmo",
    words="De post ligt ongeopend op tafel. Ik weet niet waar ik moet beginnen.",
    need="Hulp om de post, het geld en de dag op orde te krijgen",
    notes={
        "financien": ("Er zijn betalingsachterstanden. Brieven blijven dicht.", "Dit geeft de meeste zorgen."),
        "gezondheid": ("Sinds de hersenbloeding kosten plannen en onthouden veel moeite.", "Dit is de oorzaak."),
        "sociaal_netwerk": ("Er is een goede vriend op afstand.", "Hij kan een deel van de post nakijken."),
    },
    findings=(
        "De inwoner wil weer zelf de baas zijn over post en geld.",
        "Met een lijstje lukt een deel. Er zijn geen huisgenoten.",
        "Een vriend belt elke week en kijkt belangrijke brieven na.",
        "Niet van toepassing: er is geen mantelzorger.",
        "De formulierenbrigade helpt bij invullen, niet bij overzicht houden.",
        "De schuldhulp van de gemeente en de huisarts doen mee.",
        "De inwoner weet van de eigen bijdrage van het CAK.",
    ),
    own_words="Ik wil mijn post weer durven openmaken.",
    goal="Mijn post en mijn geld zijn op orde",
    actions=(
        (ActionBy.INWONER, "Ik leg elke dag de post in de blauwe bak"),
        (ActionBy.VRIJ, "De formulierenbrigade vult de toeslagen met mij in"),
        (ActionBy.AANBIEDER, "Een begeleider oefent met mij, elke week"),
    ),
    rungs=(
        "Met lijstjes lukt een deel.",
        "Er zijn geen huisgenoten.",
        "De vriend kijkt brieven na, op afstand.",
        "De formulierenbrigade helpt alleen bij formulieren.",
    ),
    product="begeleiding_individueel",
    volume=Decimal(2),
    motivation="Door de hersenbloeding kunt u niet goed plannen. Uw vriend en de formulierenbrigade helpen met een "
    "deel. Voor het oefenen is begeleiding nodig.",
)
GEZIN = Theme(
    law="jeugd",
    words="Onze zoon loopt vast op school en wordt thuis boos. Wij weten niet meer hoe wij het goed doen.",
    need="Hulp voor onze zoon bij boosheid en bij school",
    notes={
        "opvoeding": ("De ouders zijn het niet altijd eens. Het ontbijt en het huiswerk geven ruzie.", "De vraag."),
        "gezinssituatie": ("De zus trekt zich terug op haar kamer.", "Het hele gezin heeft er last van."),
    },
    findings=(
        "Kind en ouders willen rust in huis, en weer met plezier naar school.",
        "De jongen wordt snel boos bij drukte. De school ziet hetzelfde in de klas.",
        "Begeleiding van het kind, twee uur per week, met gesprekken met de ouders.",
        "Opa vangt de jongen op woensdag op. De ouders lezen over opvoeden, maar komen er samen niet uit.",
        "Begeleiding van een kind, een half jaar, met een evaluatie.",
    ),
    own_words="Wij willen weer samen aan tafel zitten zonder ruzie.",
    goal="Het is weer rustig in huis",
    actions=(
        (ActionBy.NETWERK, "Opa vangt onze zoon op woensdagmiddag op"),
        (ActionBy.VRIJ, "Wij gaan naar de avonden over opvoeden"),
        (ActionBy.AANBIEDER, "Een begeleider oefent met onze zoon"),
    ),
    rungs=(
        "De ouders proberen het al een jaar zelf.",
        "De ouders doen wat van ouders verwacht mag worden.",
        "Opa helpt op woensdag.",
        "De avonden over opvoeden helpen, maar zijn niet genoeg.",
    ),
    product="begeleiding_jeugd",
    volume=Decimal(2),
    motivation="Uw zoon wordt snel boos bij drukte, thuis en op school. Opa en de avonden over opvoeden helpen, maar "
    "zijn niet genoeg. Daarom krijgt uw zoon begeleiding.",
)
CONTACT = Theme(
    law="wmo",
    words="Sinds mijn man er niet meer is, spreek ik dagen niemand.",
    need="Weer mensen ontmoeten in de buurt",
    notes={"sociaal_netwerk": ("De kinderen wonen ver weg. De buurvrouw zwaait.", "Hierover gaat de vraag.")},
    findings=(
        "De inwoner wil elke week iemand spreken.",
        "Zelf op pad gaan lukt, als er iets is om heen te gaan.",
        "De kinderen bellen op zondag.",
        "Niet van toepassing: er is geen mantelzorger.",
        "De buurtkamer heeft elke dinsdag een eettafel.",
        "De praktijkondersteuner van de huisarts belt na een maand.",
        "Niet van toepassing: hiervoor is geen eigen bijdrage.",
    ),
    own_words="Ik wil weer iemand hebben om mee te lachen.",
    goal="Ik spreek elke week mensen uit de buurt",
    actions=(
        (ActionBy.INWONER, "Ik ga elke dinsdag naar de eettafel"),
        (ActionBy.WIJKTEAM, "Het wijkteam gaat de eerste keer mee"),
    ),
    rungs=(
        "Zelf op pad gaan lukt.",
        "Er zijn geen huisgenoten.",
        "De kinderen bellen elke week.",
        "De eettafel is er elke week.",
    ),
)
MAATWERK = (HUISHOUDEN, DAGBESTEDING, BEGELEIDING, GEZIN)
