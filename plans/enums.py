"""Closed lists of plans."""

from django.db.models import TextChoices


class PlanStatus(TextChoices):
    """The life of one version of the plan."""

    CONCEPT = "concept", "Concept"
    GEDEELD = "gedeeld", "Gedeeld met de inwoner"
    AKKOORD = "akkoord", "Akkoord"
    VERVANGEN = "vervangen", "Vervangen door een nieuwe versie"


class Agreement(TextChoices):
    """In which form the inwoner answered; a signature is not needed."""

    HEEL = "heel", "Akkoord met het hele plan"
    DEELS = "deels", "Akkoord met een deel"
    ANDERS = "anders", "“Ik zie het anders”"
    MONDELING = "mondeling", "Mondeling akkoord"
    GEEN_REACTIE = "geen_reactie", "Geen reactie na een herinnering"
    OVERGENOMEN = "overgenomen", "Afgesproken in een vorig systeem"


ANSWERS = tuple(form for form in Agreement if form != Agreement.OVERGENOMEN)  # what an inwoner can say of a plan here


class ActionBy(TextChoices):
    """Who does an action, the lightest first."""

    INWONER = "inwoner", "De inwoner zelf"
    NETWERK = "netwerk", "Familie, vrienden of buren"
    VRIJ = "vrij", "Vrij toegankelijk aanbod"
    WIJKTEAM = "wijkteam", "Het wijkteam"
    AANBIEDER = "aanbieder", "Een zorgaanbieder"


class Rung(TextChoices):
    """The solution ladder in the order of Wmo 2015 art. 2.3.5 lid 3 (and Jeugdwet art. 2.3 lid 1)."""

    EIGEN_KRACHT = "eigen_kracht", "Wat kan de inwoner zelf?"
    GEBRUIKELIJK = "gebruikelijk", "Wat doen huisgenoten voor elkaar?"
    NETWERK = "netwerk", "Wat kunnen mantelzorg en netwerk?"
    ALGEMEEN = "algemeen", "Wat is er vrij toegankelijk, of via een andere wet?"


class CareForm(TextChoices):
    """In which form maatwerk is given."""

    NATURA = "natura", "Zorg in natura"
    PGB = "pgb", "Persoonsgebonden budget"


class Choice(TextChoices):
    """The choice of who gives the help, per line."""

    AANBIEDER = "aanbieder", "De inwoner koos een aanbieder"
    AAN_ONS = "aan_ons", "De inwoner laat de keuze aan ons"
    WACHT = "wacht", "Nog geen aanbieder met plek"
    PGB = "pgb", "Pgb: de inwoner koopt zelf in"
    WEIGEREN = "weigeren", "Wij zijn van plan dit te weigeren"


class PgbHelper(TextChoices):
    """Who gives the help that is bought with a pgb; the tarief differs (Wmo 2015 art. 2.1.3 lid 2 onder b)."""

    FORMEEL = "formeel", "Een beroepskracht"
    INFORMEEL = "informeel", "Iemand uit het eigen netwerk"


class EvaluatieStatus(TextChoices):
    """The life of an evaluation."""

    GEPLAND = "gepland", "Gepland"
    GEVRAAGD = "gevraagd", "Herinnerd"
    GEVOERD = "gevoerd", "Gevoerd"
    AFGEROND = "afgerond", "Afgerond"
