"""Organisatie > gemeente > wijk, teams with memberships in a period, and the two kinds of user."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q

from toegang.core.access import Scope


class Organisatie(models.Model):
    """An organisation that serves one or several gemeenten."""

    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Gemeente(models.Model):
    """Law, number series, letter head, mandate and tariffs hang on the gemeente of the person's woonplaats."""

    organisatie = models.ForeignKey(Organisatie, models.PROTECT, related_name="gemeenten")
    name = models.CharField(max_length=100)
    code = models.CharField(max_length=4, unique=True)  # CBS gemeentecode
    post_address = models.TextField()
    phone = models.CharField(max_length=20)
    website = models.CharField(max_length=100)
    bezwaar_address = models.TextField()
    rechtbank = models.CharField(max_length=100)
    verordening_wmo = models.CharField(max_length=150)
    verordening_jeugd = models.CharField(max_length=150)
    clientondersteuning = models.CharField(max_length=150)
    vertrouwenspersoon = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.name


class Wijk(models.Model):
    """A neighbourhood of a gemeente."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="wijken")
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A wijkteam; it may serve several gemeenten."""

    organisatie = models.ForeignKey(Organisatie, models.PROTECT, related_name="teams")
    name = models.CharField(max_length=100)
    gemeenten = models.ManyToManyField(Gemeente, related_name="teams")

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users of one of the two kinds."""

    def create_user(self, username: str, *, kind: str, password: str | None = None, **facts: Any) -> User:
        """Make a user; without a password nobody can sign in with one."""
        user = self.model(username=username, kind=kind, **facts)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A medewerker or an inwoner; there is no way from one to the other, and no superuser."""

    class Kind(models.TextChoices):
        """The kinds of user; `systeem` is the clock and the worker, which never sign in."""

        MEDEWERKER = "medewerker", "medewerker"
        INWONER = "inwoner", "inwoner"
        SYSTEEM = "systeem", "systeem"

    username = models.CharField("gebruikersnaam", max_length=150, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=150)
    job_title = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(name="nobody_is_superuser", condition=Q(is_superuser=False)),
            models.CheckConstraint(name="user_of_a_kind", condition=Q(kind__in=["medewerker", "inwoner", "systeem"])),
        ]

    def __str__(self) -> str:
        return self.name

    def scope_on(self, day: date) -> Scope:
        """Give gemeenten, teams and roles on a day; an inwoner and the system have none."""
        if self.kind != self.Kind.MEDEWERKER:
            return Scope()
        names = ("team__gemeenten", "team__gemeenten__name", "team_id")
        teams = list(Membership.objects.on(day).filter(user=self).values_list(*names))
        roles = list(
            RoleAssignment.objects.on(day).filter(user=self).values_list("gemeente_id", "gemeente__name", "role")
        )
        gemeenten = {pk: name for pk, name, _ in [*teams, *roles] if pk}
        return Scope(
            frozenset(gemeenten),
            frozenset(team for _, _, team in teams),
            frozenset(role for _, _, role in roles),
            next(iter(gemeenten.values())) if len(gemeenten) == 1 else "",
        )


class PeriodQuerySet(models.QuerySet[Any]):
    """Rows that hold in a period."""

    def on(self, day: date) -> PeriodQuerySet:
        """Rows that hold on a day; the last day counts."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class Period(models.Model):
    """A period with an open or closed end."""

    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ends_after_start", condition=Q(until=None) | Q(until__gte=F("since"))
            )
        ]


class Membership(Period):
    """Who works in which team, from when to when."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships")

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class RoleAssignment(Period):
    """Which role a medewerker holds for a gemeente, from when to when."""

    class Role(models.TextChoices):
        """The roles of the spine; each opens a door, none shows a case by itself."""

        WIJKTEAMLID = "wijkteamlid", "wijkteamlid"
        TEAMLEIDER = "teamleider", "teamleider"
        TOETSER = "toetser", "toetser"
        MANAGER = "manager", "manager"
        BEHEERDER = "beheerder", "functioneel beheerder"

    user = models.ForeignKey(User, models.PROTECT, related_name="role_assignments")
    gemeente = models.ForeignKey(Gemeente, models.PROTECT)
    role = models.CharField(max_length=20, choices=Role)

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


def system_user(name: str = "systeem") -> User:
    """Give the named user that acts for the worker or the clock; made at first use."""
    user, _ = User.objects.get_or_create(
        username=name, defaults={"kind": User.Kind.SYSTEEM, "name": "Toegang (automatisch)", "password": "!"}
    )
    return user
