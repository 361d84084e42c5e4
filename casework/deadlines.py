"""Which terms start at which event; the lengths are rules in a table, the days pure arithmetic."""

from casework.enums import Law

AT_MELDING: dict[str, tuple[str, ...]] = {
    Law.WMO: ("wmo_persoonlijk_plan", "wmo_onderzoek"),  # Wmo 2015 art. 2.3.2 lid 2 and lid 1
    Law.JEUGD: ("jeugd_onderzoek",),  # own policy: the Jeugdwet sets no term for the onderzoek
}
AT_AANVRAAG: dict[str, str] = {
    Law.WMO: "wmo_besluit",  # Wmo 2015 art. 2.3.5 lid 2
    Law.JEUGD: "jeugd_besluit",  # Awb art. 4:13
}
ONDERZOEK: dict[str, str] = {Law.WMO: "wmo_onderzoek", Law.JEUGD: "jeugd_onderzoek"}
SPOED: dict[str, str] = {Law.WMO: "wmo_spoed", Law.JEUGD: "jeugd_spoed"}  # how long temporary help lasts at most
SPOED_TOETS = "spoed_toets"
VERSLAG_REACTIE = "verslag_reactie"
LABELS = {
    "wmo_persoonlijk_plan": "eigen plan inleveren",
    "wmo_onderzoek": "onderzoek klaar",
    "jeugd_onderzoek": "onderzoek klaar",
    "wmo_besluit": "besluit",
    "jeugd_besluit": "besluit",
    "verslag_reactie": "reactie op verslag",
    "wmo_spoed": "besluit, want de tijdelijke hulp stopt",
    "jeugd_spoed": "besluit, want de tijdelijke hulp stopt",
    "spoed_toets": "toets van het spoedbesluit",
}
# Whose date it is, when it is not ours: it never makes a case late.
NOT_OURS = {
    "wmo_persoonlijk_plan": "datum van de inwoner",
    "verslag_reactie": "datum van de inwoner",
    SPOED_TOETS: "doet de toetser",
}
