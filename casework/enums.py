"""Closed lists that the law or the life of a case fixes."""

from django.db.models import TextChoices


class Law(TextChoices):
    """The law under which a hulpvraag is seen."""

    WMO = "wmo", "Wmo"
    JEUGD = "jeugd", "Jeugdwet"
    PW = "pw", "Participatiewet"
    WGS = "wgs", "Schuldhulp (Wgs)"


DECISION_LAWS = frozenset({Law.WMO, Law.JEUGD})  # the laws that this house decides; the others are handed over


class CaseStatus(TextChoices):
    """The journey of the household."""

    MELDING = "melding", "Melding"
    GESPREK = "gesprek", "Gesprek"
    VRAAGANALYSE = "vraaganalyse", "Vraaganalyse"
    PLAN = "plan", "Plan van aanpak"
    AANBIEDER = "aanbieder", "Zorgaanbieder kiezen"
    BESLUIT = "besluit", "Besluit"
    UITVOERING = "uitvoering", "Hulp loopt"
    EVALUATIE = "evaluatie", "Evaluatie"
    AFGESLOTEN = "afgesloten", "Afgesloten"


class HulpvraagStatus(TextChoices):
    """What the law sees of one need of one person."""

    GEMELD = "gemeld", "Gemeld"
    VERWEZEN = "verwezen", "Verwezen"
    ONDERZOEK = "onderzoek", "In onderzoek"
    VERSLAG = "verslag", "Verslag verzonden"
    ZONDER_BESLUIT = "zonder_besluit", "Zonder besluit"
    AANVRAAG = "aanvraag", "Aanvraag ontvangen"
    BESLOTEN = "besloten", "Besloten"
    LOOPT = "loopt", "Hulp loopt"
    BEEINDIGD = "beeindigd", "Beëindigd"
    DOORGEZET = "doorgezet", "Doorgezet"


class GrantKind(TextChoices):
    """Why somebody may see or handle one case."""

    CONTACTPERSOON = "contactpersoon", "contactpersoon"
    TWEEDE = "tweede", "tweede contactpersoon"
    VERVANGER = "vervanger", "vervanger"
    CONSULT = "consult", "consult"
    TOETSING = "toetsing", "toetsing"
    BEZWAAR = "bezwaar", "bezwaar"
    VEILIGHEID = "veiligheid", "veiligheid"
    NOODTOEGANG = "noodtoegang", "noodtoegang"
    INWONER = "inwoner", "inwoner"
    VERTEGENWOORDIGER = "vertegenwoordiger", "vertegenwoordiger"
    MEELEZER = "meelezer", "meelezer"
    KETENPARTNER = "ketenpartner", "ketenpartner"


HANDLING_KINDS = frozenset({GrantKind.CONTACTPERSOON, GrantKind.TWEEDE, GrantKind.VERVANGER})
RESIDENT_KINDS = frozenset({GrantKind.INWONER, GrantKind.VERTEGENWOORDIGER, GrantKind.MEELEZER})
LIMITED_KINDS = frozenset({GrantKind.VERTEGENWOORDIGER, GrantKind.MEELEZER})  # they see the parts that were chosen
VIEWING_KINDS = frozenset(GrantKind) - {GrantKind.KETENPARTNER}  # a ketenpartner sees one part, never the case
SAFETY_KINDS = frozenset({GrantKind.CONTACTPERSOON, GrantKind.VEILIGHEID})  # who may open the veiligheidsdossier


SAFETY = "safetyrecord"  # the object type of every log row about the veiligheidsdossier, so that lists can leave it out


class Verdict(TextChoices):
    """What a reviewer says of noodtoegang."""

    TERECHT = "terecht", "Terecht"
    NIET_TERECHT = "niet_terecht", "Niet terecht"
    NAVRAGEN = "navragen", "Eerst navragen"


FINAL_VERDICTS = frozenset({Verdict.TERECHT, Verdict.NIET_TERECHT})  # who still asks has not judged yet


class Striking(TextChoices):
    """Why a look strikes, so that the privacy officer is asked what it was for."""

    NAAM = "naam", "Zelfde achternaam"
    BUREN = "buren", "Zelfde postcode: misschien buren"
    COLLEGA = "collega", "Telefoon of e-mail van een collega"
    NOODTOEGANG = "noodtoegang", "Noodtoegang"
    VEEL = "veel", "Veel zaken zonder eigen taak"


class LookVerdict(TextChoices):
    """What a privacy officer says of a striking look."""

    IN_ORDE = "in_orde", "In orde"
    NAVRAGEN = "navragen", "Eerst navragen"
    DATALEK = "datalek", "Datalek onderzoeken"


class GrantPart(TextChoices):
    """The parts of a case that a grant may be limited to."""

    STAPPEN = "stappen", "De stappen en de afspraken"
    PLAN = "plan", "Het plan"
    BRIEVEN = "brieven", "De brieven en besluiten"
    GESPREK = "gesprek", "Het gesprek voeren"
    AFSPRAKEN = "afspraken", "De eigen afspraken uit het plan"


RESIDENT_PARTS = (GrantPart.STAPPEN, GrantPart.PLAN, GrantPart.BRIEVEN)
PARTNER_PARTS = (GrantPart.GESPREK, GrantPart.AFSPRAKEN)  # Wmo 2015 art. 2.6.3: never decides


class Route(TextChoices):
    """How a melding came in."""

    TELEFOON = "telefoon", "Telefoon"
    BALIE = "balie", "Balie"
    BRIEF = "brief", "Brief"
    EMAIL = "email", "E-mail"
    PORTAAL = "portaal", "Website"
    KETENPARTNER = "ketenpartner", "Ketenpartner"
    SIGNAAL = "signaal", "Na een signaal"
    OVERNAME = "overname", "Overgenomen uit een ander systeem"


BY_OURSELVES = (Route.TELEFOON, Route.BALIE, Route.BRIEF, Route.EMAIL)  # a colleague types in what came so


class Referrer(TextChoices):
    """Who may refer to jeugdhulp beside the gemeente (Jeugdwet 2.6 lid 1 e, 2.4 lid 2 b, 3.5)."""

    HUISARTS = "huisarts", "Huisarts"
    JEUGDARTS = "jeugdarts", "Jeugdarts"
    SPECIALIST = "specialist", "Medisch specialist"
    GI = "gi", "Gecertificeerde instelling"
    RECHTER = "rechter", "Rechter of officier van justitie"


class TalkForm(TextChoices):
    """In which form a conversation is held."""

    THUIS = "thuis", "Bij de inwoner thuis"
    KANTOOR = "kantoor", "Op kantoor"
    BUITEN = "buiten", "Buiten, bijvoorbeeld tijdens een wandeling"
    TELEFOON = "telefoon", "Telefoon"
    VIDEO = "video", "Videobellen"
    PARTNER = "partner", "Bij een partner, bijvoorbeeld school of huisarts"


class TalkOutcome(TextChoices):
    """How a planned conversation ended."""

    GEPLAND = "gepland", "Gepland"
    GEHOUDEN = "gehouden", "Gehouden"
    NIET_VERSCHENEN = "niet_verschenen", "Niet verschenen"
    VERZET = "verzet", "Verzet"


class Safe(TextChoices):
    """What was answered when safety was asked; what the worry is, stands in the veiligheidsdossier only."""

    JA = "ja", "Ja"
    NEE = "nee", "Nee, of ik twijfel"
    NIET = "niet", "Dat kon ik nu niet vragen"


class FirstWay(TextChoices):
    """How it goes on after the first call, the lightest first."""

    OPGELOST = "opgelost", "De vraag is opgelost, of luisteren was genoeg"
    DOORZETTEN = "doorzetten", "De vraag gaat naar een ander loket"
    HULPMIDDEL = "hulpmiddel", "Een eenvoudig hulpmiddel: de snelle route"
    GESPREK = "gesprek", "Wij spreken elkaar: een gesprek plannen"
    SPOED = "spoed", "Het kan niet wachten: tijdelijke hulp"


class Reaction(TextChoices):
    """What the inwoner said of the verslag."""

    KLOPT = "klopt", "Het verslag klopt"
    AANVULLING = "aanvulling", "Aanvulling of verbetering"
    GEEN = "geen", "Geen reactie ontvangen"


class Channel(TextChoices):
    """How a letter reaches the addressee."""

    DIGITAAL = "digitaal", "Digitaal, in het portaal"
    PAPIER = "papier", "Op papier, per post"


class MessageType(TextChoices):
    """The kinds of messages for which somebody may choose another channel (Awb art. 2:8)."""

    BESLUIT = "besluit", "Besluiten"
    AFSPRAAK = "afspraak", "Afspraken en herinneringen"


MESSAGE_TYPES = {
    "beschikking": MessageType.BESLUIT,
    "spoedbesluit": MessageType.BESLUIT,
    "uitnodiging": MessageType.AFSPRAAK,
    "herinnering_plan": MessageType.AFSPRAAK,
}  # {kind of letter: type}; every other letter goes by the general channel


class AddressKind(TextChoices):
    """What an address of a person is, beside the home of today."""

    POST = "post", "Postadres"
    WOON = "woon", "Eerder woonadres"


class Interpreter(TextChoices):
    """Which interpreter somebody needs."""

    TOLK = "tolk", "Een tolk"
    GEBAREN = "gebaren", "Een gebarentolk"
    SCHRIJF = "schrijf", "Een schrijftolk"


class RelationKind(TextChoices):
    """What somebody is of a person in a case."""

    OUDER = "ouder", "Ouder"
    VOOGD = "voogd", "Voogd"
    PLEEGOUDER = "pleegouder", "Pleegouder"
    STIEFOUDER = "stiefouder", "Stiefouder of partner van een ouder"
    PARTNER = "partner", "Partner"
    EX = "ex", "Ex-partner"
    KIND = "kind", "Kind"
    BROER_ZUS = "broer_zus", "Broer of zus"
    FAMILIE = "familie", "Andere familie"


class Gezag(TextChoices):
    """Whether somebody has gezag over a child (BW 1:245)."""

    JA = "ja", "Ja"
    NEE = "nee", "Nee"
    ONBEKEND = "onbekend", "Nog niet bekend"


OVER_A_CHILD = frozenset(
    {RelationKind.OUDER, RelationKind.VOOGD, RelationKind.PLEEGOUDER, RelationKind.STIEFOUDER}
)  # of whom it is asked


class RepresentationKind(TextChoices):
    """On what ground somebody acts for a person (Wmo 2015 art. 1.1.1 lid 2; Awb art. 2:1)."""

    CURATOR = "curator", "Curator"
    MENTOR = "mentor", "Mentor"
    BEWINDVOERDER = "bewindvoerder", "Bewindvoerder"
    VOOGD = "voogd", "Voogd"
    GEMACHTIGDE = "gemachtigde", "Gemachtigde, met een machtiging"
    ZAAKWAARNEMER = "zaakwaarnemer", "Zaakwaarnemer"
    NAASTE = "naaste", "Partner, ouder, kind, broer of zus, zonder machtiging"


class RepresentationScope(TextChoices):
    """For what somebody acts."""

    ALLES = "alles", "Alles"
    ZORG = "zorg", "Zorg en ondersteuning"
    GELD = "geld", "Geld en goederen"
    BESLUIT = "besluit", "Deze aanvraag of dit bezwaar"


class FeedbackWay(TextChoices):
    """How a melder or verwijzer was told."""

    TELEFOON = "telefoon", "Aan de telefoon"
    GESPREK = "gesprek", "In een gesprek"
    BRIEF = "brief", "Met een brief of bericht"


class PrivacyKind(TextChoices):
    """What somebody asks about the own data."""

    INZAGE = "inzage", "Inzage"  # AVG art. 15
    CORRECTIE = "correctie", "Verbetering of eigen verklaring"  # AVG art. 16
    BEPERKING = "beperking", "Beperking van het gebruik"  # AVG art. 18


class PrivacyStatus(TextChoices):
    """The life of a request about the own data."""

    ONTVANGEN = "ontvangen", "Ontvangen"
    IN_BEHANDELING = "in_behandeling", "In behandeling"
    CONTROLE = "controle", "Klaar voor controle"
    WORDT_GEMAAKT = "wordt_gemaakt", "Wordt gemaakt"
    AFGEHANDELD = "afgehandeld", "Afgehandeld"
    AFGEWEZEN = "afgewezen", "Afgewezen"


PRIVACY_ENDED = frozenset({PrivacyStatus.AFGEHANDELD, PrivacyStatus.AFGEWEZEN})


class PrivacyOutcome(TextChoices):
    """What was done with the request."""

    PAKKET = "pakket", "De gegevens zijn gegeven"
    VERKLARING = "verklaring", "De verklaring van de inwoner is toegevoegd"
    GEWIJZIGD = "gewijzigd", "De gegevens zijn gewijzigd"
    BEPERKT = "beperkt", "Het gebruik is beperkt"


class Asker(TextChoices):
    """Who asks."""

    ZELF = "zelf", "De inwoner zelf"
    VERTEGENWOORDIGER = "vertegenwoordiger", "Een ouder, voogd of andere vertegenwoordiger"


class Subject(TextChoices):
    """What of the case a correction or a statement is about."""

    GEGEVENS = "gegevens", "Naam, adres of andere gegevens"
    VRAAG = "vraag", "De vraag"
    VERSLAG = "verslag", "Het onderzoek en het verslag"
    PLAN = "plan", "Het plan"
    BESLUIT = "besluit", "Het besluit"


class UseGround(TextChoices):
    """For what restricted data may still be used (AVG art. 18 lid 2)."""

    TOESTEMMING = "toestemming", "De inwoner vindt het goed"
    RECHTSVORDERING = "rechtsvordering", "Nodig voor bezwaar, beroep of een rechtszaak"
    ANDER = "ander", "Nodig om een ander te beschermen"
    ALGEMEEN = "algemeen", "Een zwaarwegend algemeen belang"


class SharingGround(TextChoices):
    """On which ground facts of one law may be used under another (Wmo 2015 art. 5.1.1 lid 4; AVG art. 6 and 9)."""

    TOESTEMMING = "toestemming", "De inwoner geeft uitdrukkelijk toestemming"
    VITAAL = "vitaal", "Iemands leven of gezondheid is in gevaar"
    WET = "wet", "Een wet verplicht het"


class SignalKind(TextChoices):
    """What a signal about somebody who did not ask is about."""

    ZORGEN = "zorgen", "Zorgen om iemand die geen hulp vraagt"
    SCHULDEN = "schulden", "Vroegsignalering: achterstand bij huur, energie, water of zorgverzekering"


class SignalStatus(TextChoices):
    """The life of a signal; without a clock, and without a case until there is a yes."""

    ONTVANGEN = "ontvangen", "Ontvangen"
    CONTACT = "contact", "Contact gezocht"
    MELDING = "melding", "Melding geworden"
    SAMENGEVOEGD = "samengevoegd", "Samengevoegd"
    OVERGEDRAGEN = "overgedragen", "Overgedragen"
    NIET_OPGEVOLGD = "niet", "Niet opgevolgd"


OPEN_SIGNALS = (SignalStatus.ONTVANGEN, SignalStatus.CONTACT)  # something is still to be done


class AttemptWay(TextChoices):
    """How somebody was sought."""

    TELEFOON = "telefoon", "Telefoon"
    HUISBEZOEK = "huisbezoek", "Langs de deur"
    BRIEF = "brief", "Brief of kaartje"
    BERICHT = "bericht", "E-mail of appbericht"
    VIA = "via", "Via iemand anders"


class AttemptResult(TextChoices):
    """What came of it."""

    GEEN = "geen", "Geen contact"
    DENKT = "denkt", "Contact: denkt erover na"
    WIL_NIET = "wil_niet", "Contact: wil nu geen hulp"
    WIL = "wil", "Contact: wil hulp"
