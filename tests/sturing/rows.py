"""Rows by the number, past the services: what the figures of sturing count."""

from datetime import date

from casework.enums import CaseStatus
from casework.models import Case, Deadline, Household, Hulpvraag, Melding, Person


def cases(gemeente, team, number, *, status=CaseStatus.MELDING, closed_on=None):
    """Cases of one gemeente and team, each with a person and a household of its own."""
    people = [Person(gemeente=gemeente, given_names="Anna", family_name=f"Zichtbaar{n}") for n in range(number)]
    homes = [Household(gemeente=gemeente) for _ in range(number)]
    Person.objects.bulk_create(people)
    Household.objects.bulk_create(homes)
    first = Case.objects.count()
    rows = [
        Case(
            gemeente=gemeente, team=team, household=home, person=person, reference=f"ZD-2026-{90000 + first + n}",
            opened_on=date(2026, 1, 5), status=status, closed_on=closed_on, close_reason="klaar" if closed_on else "",
        )
        for n, (home, person) in enumerate(zip(homes, people, strict=True))
    ]  # fmt: skip
    return Case.objects.bulk_create(rows)


def meldingen(rows, on):
    return Melding.objects.bulk_create(
        Melding(gemeente_id=c.gemeente_id, case=c, person_id=c.person_id, received_on=on, words="x", route="balie")
        for c in rows
    )


def terms(found, due, met):
    questions = Hulpvraag.objects.bulk_create(
        Hulpvraag(
            gemeente_id=m.gemeente_id, case_id=m.case_id, person_id=m.person_id, melding=m, law="wmo", need="x",
            melding_on=m.received_on,
        )
        for m in found
    )  # fmt: skip
    Deadline.objects.bulk_create(
        Deadline(
            gemeente_id=h.gemeente_id, case_id=h.case_id, hulpvraag=h, key="wmo_onderzoek", starts_on=h.melding_on,
            due_on=due, met_on=met, cause="melding",
        )
        for h in questions
    )  # fmt: skip
