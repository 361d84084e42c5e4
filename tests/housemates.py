"""Housemates of the person of a case, with an account of the portaal."""

from casework.models import Person
from casework.services.people import join_household
from toegang.accounts.models import User


def add_housemate(case, name, actor, *, account=True):
    """Let somebody join the household of a case; without a question of the own."""
    user = User.objects.create_user(f"inwoner-{name}", kind="inwoner", name=name) if account else None
    person = Person.objects.create(
        gemeente=case.gemeente, given_names=name, family_name="Yıldız", born=19550101, user=user
    )
    join_household(household=case.household, person=person, since=actor.today, by=actor)
    return person
