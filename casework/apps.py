"""People, households, cases and what happens on the way to a plan."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The case and its hulpvragen."""

    name = "casework"
    verbose_name = "Zaken"
    reference = (
        ("leefgebieden.toml", "leefgebied", "Leefgebied", ("key", "valid_from")),
        ("leefgebieden.toml", "onderzoek_part", "OnderzoekPart", ("law", "key", "valid_from")),
        ("access_rules.toml", "access_rules", "AccessRules", ("gemeente_id",)),
        ("caseload.toml", "caseload_weight", "CaseloadWeight", ("key", "valid_from")),
        ("reasons.toml", "reason", "Reason", ("kind", "key", "valid_from")),
    )
