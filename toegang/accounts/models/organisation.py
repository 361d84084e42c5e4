"""Organisatie > gemeente > wijk, the teams that work for gemeenten, and the ketenpartners outside."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords


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


class CoverRule(models.TextChoices):
    """Who takes over the cases of a colleague of the team who is absent."""

    GENOEMD = "genoemd", "De collega die bij de afwezigheid is genoemd"
    TEAMLEIDERS = "teamleiders", "De teamleiders van het team"


class Team(models.Model):
    """A wijkteam; it may serve several gemeenten."""

    organisatie = models.ForeignKey(Organisatie, models.PROTECT, related_name="teams")
    name = models.CharField(max_length=100)
    gemeenten = models.ManyToManyField(Gemeente, related_name="teams")
    cover = models.CharField(max_length=12, choices=CoverRule, default=CoverRule.GENOEMD)
    takes_website = models.BooleanField(default=False, db_default=False)  # meldingen that come in by the website

    history = HistoricalRecords(m2m_fields=[gemeenten], history_change_reason_field=models.TextField(null=True))

    def __str__(self) -> str:
        return self.name


class Ketenpartner(models.Model):
    """A school, practice or organisation whose people work along; it has no team and no cases of its own."""

    class Sort(models.TextChoices):
        """What kind of organisation it is."""

        SCHOOL = "school", "School"
        HUISARTS = "huisarts", "Huisartspraktijk"
        WELZIJN = "welzijn", "Welzijnsorganisatie"
        CORPORATIE = "corporatie", "Woningcorporatie"
        AANBIEDER = "aanbieder", "Zorgaanbieder"

    organisatie = models.ForeignKey(Organisatie, models.PROTECT, related_name="ketenpartners")
    name = models.CharField(max_length=150)
    sort = models.CharField(max_length=12, choices=Sort)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    def __str__(self) -> str:
        return self.name
