"""The two kinds of user, and what they are known by at an identity provider."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from toegang.accounts.models.organisation import Ketenpartner, Organisatie
from toegang.core.access import Scope


class Density(models.TextChoices):
    """How much room a page takes."""

    RUIM = "ruim", "Ruim"
    COMPACT = "compact", "Compact: meer op één scherm"


class Theme(models.TextChoices):
    """The colours of the pages."""

    SYSTEEM = "systeem", "Zoals mijn apparaat"
    LICHT = "licht", "Licht"
    DONKER = "donker", "Donker"


class Digest(models.TextChoices):
    """How often a mail tells what waits; it holds no names and no cases."""

    NOOIT = "nooit", "Geen e-mail"
    DAGELIJKS = "dagelijks", "Elke werkdag"
    WEKELIJKS = "wekelijks", "Eén keer per week"


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
    ketenpartner = models.ForeignKey(Ketenpartner, models.PROTECT, null=True, blank=True, related_name="people")
    # Whose beheerder made the account: until there is a role or a team, nothing else says who looks after it.
    organisatie = models.ForeignKey(Organisatie, models.PROTECT, null=True, blank=True, related_name="people")
    density = models.CharField(max_length=10, choices=Density, default=Density.RUIM)
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEEM)
    shortcuts = models.BooleanField(default=False)
    digest = models.CharField(max_length=10, choices=Digest, default=Digest.NOOIT)
    home_postcode = models.CharField(max_length=7, blank=True)  # only to notice looks at cases of neighbours

    history = HistoricalRecords(
        excluded_fields=["password", "last_login"], history_change_reason_field=models.TextField(null=True)
    )
    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(name="nobody_is_superuser", condition=Q(is_superuser=False)),
            models.CheckConstraint(name="user_of_a_kind", condition=Q(kind__in=["medewerker", "inwoner", "systeem"])),
            models.CheckConstraint(
                name="only_medewerkers_have_a_password",
                condition=Q(kind="medewerker") | Q(password__startswith="!"),  # noqa: S106 (no secret: a lookup)
            ),
            models.CheckConstraint(
                name="ketenpartner_is_a_medewerker", condition=Q(kind="medewerker") | Q(ketenpartner=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep history of what people change; the moment of signing in is no change."""
        if kwargs.get("update_fields") == ["last_login"]:
            self.skip_history_when_saving = True
        try:
            super().save(*args, **kwargs)
        finally:
            self.__dict__.pop("skip_history_when_saving", None)

    def scope_on(self, day: date) -> Scope:
        """Give gemeenten, teams and roles on a day; an inwoner and the system have none."""
        if self.kind != self.Kind.MEDEWERKER:
            return Scope()
        if self.ketenpartner_id is not None:
            return Scope(partner=True)
        names = ("team__gemeenten", "team__gemeenten__name", "team_id")
        teams = list(self.memberships.on(day).values_list(*names))
        roles = list(self.role_assignments.on(day).values_list("gemeente_id", "gemeente__name", "role_id"))
        gemeenten = {pk: name for pk, name, _ in [*teams, *roles] if pk}
        return Scope(
            frozenset(gemeenten),
            frozenset(team for _, _, team in teams),
            frozenset((role, gemeente) for gemeente, _, role in roles),
            next(iter(gemeenten.values())) if len(gemeenten) == 1 else "",
        )


class Identity(models.Model):
    """What a medewerker is known by at an identity provider: its issuer and the subject there (OIDC Core 5.7)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint("issuer", "subject", name="one_user_per_subject")]

    def __str__(self) -> str:
        return f"{self.subject} @ {self.issuer}"


def system_user(name: str = "systeem") -> User:
    """Give the named user that acts for the worker or the clock; made at first use."""
    user, _ = User.objects.get_or_create(
        username=name, defaults={"kind": User.Kind.SYSTEEM, "name": "Toegang (automatisch)", "password": "!"}
    )
    return user
