"""Forms of the people of a case: names, contact, home, post address and household."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from casework.enums import Channel, Interpreter
from casework.models import Address, Person
from casework.services.card import ContactFacts, NameFacts, Place
from casework.services.people import PersonFacts
from toegang.core.dates import PartialDate
from toegang.core.forms import BsnField, Form, KnownDateField, NearDateField, PostcodeField
from toegang.core.naming import NameUse, Title
from toegang.werkplek.forms.melding import CHANNELS, GENDERS, NO_BIRTH

ADDRESS = ("street", "house_number", "postcode", "city")
SAME = ("", "Net als andere brieven")
NO_TITLE = ("", "Geen")


class VersionForm(Form):
    """A form that bears the version that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NamesForm(VersionForm):
    """How somebody is called and written to, and when somebody was born or died."""

    given_names = forms.CharField(label="Voornamen", max_length=200)
    name_prefix = forms.CharField(label="Tussenvoegsel", max_length=20, required=False)
    family_name = forms.CharField(label="Achternaam", max_length=200)
    gender = forms.ChoiceField(
        label="Geslacht", choices=GENDERS, required=False, help_text="Alleen voor de aanhef van brieven."
    )
    born = KnownDateField(
        label="Geboortedatum", partial=True, required=False, help_text="Weet u alleen het jaar? Dat is genoeg."
    )
    name_use = forms.ChoiceField(
        label="Welke naam gebruikt deze persoon?", choices=NameUse.choices, widget=forms.RadioSelect
    )
    partner_prefix = forms.CharField(label="Tussenvoegsel van de partner", max_length=20, required=False)
    partner_family_name = forms.CharField(
        label="Achternaam van de partner",
        max_length=200,
        required=False,
        help_text="Alleen als deze persoon getrouwd is of was, of een geregistreerd partnerschap heeft of had.",
    )
    partner_ended = forms.BooleanField(label="Dit huwelijk of partnerschap is voorbij", required=False)
    title = forms.ChoiceField(label="Adellijke titel", choices=[NO_TITLE, *Title.choices], required=False)
    partner_title = forms.ChoiceField(
        label="Adellijke titel van de partner", choices=[NO_TITLE, *Title.choices], required=False
    )
    died = forms.BooleanField(
        label="Deze persoon is overleden",
        required=False,
        help_text="Wij sturen dan geen brieven meer op deze naam.",
    )
    deceased = KnownDateField(
        label="Overleden op", partial=True, required=False, help_text="Weet u de dag niet? Laat dit leeg."
    )

    def clean(self) -> dict[str, Any]:
        """The name of a partner that is used is there, and nobody dies before birth."""
        data = self.cleaned_data
        if data.get("name_use", NameUse.EIGEN) != NameUse.EIGEN and not data.get("partner_family_name"):
            self.add_error("partner_family_name", "Vul de achternaam van de partner in, of kies ‘Eigen naam’")
        born, died = data.get("born"), data.get("deceased")
        if died and not data.get("died"):
            self.add_error("died", "Zet hier een vinkje, of maak de datum van overlijden leeg")
        if (
            born
            and died
            and (died.year, died.month or 12, died.day or 31) < (born.year, born.month or 1, born.day or 1)
        ):
            self.add_error("deceased", "Deze dag ligt vóór de geboortedatum. Kijk beide datums na")
        return data

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        """The fields as the register has them."""
        names = ("given_names", "family_name", "gender", "name_use", "partner_prefix", "partner_family_name")
        names += ("partner_ended", "title", "partner_title", "version")
        given = {name: getattr(person, name) for name in names}
        born, died = person.birth if person.born else None, person.death if person.deceased else None
        given |= {"name_prefix": person.prefix, "born": born}
        return given | {"died": person.deceased is not None, "deceased": died}

    def facts(self) -> NameFacts:
        """What the service takes."""
        data = dict(self.cleaned_data)
        del data["version"]
        died, day = data.pop("died"), data.pop("deceased")
        return NameFacts(
            prefix=data.pop("name_prefix"),
            born=PartialDate.number_of(data.pop("born")),
            deceased=PartialDate.number_of(day) if died else None,
            **data,
        )


class ContactForm(VersionForm):
    """How somebody is reached, and what must not be done."""

    phone = forms.CharField(label="Telefoonnummer", max_length=20, required=False)
    email = forms.EmailField(label="E-mailadres", required=False)
    no_phone = forms.BooleanField(label="Niet bellen: dat is niet veilig", required=False)
    no_post = forms.BooleanField(
        label="Geen post naar het woonadres: dat is niet veilig",
        required=False,
        help_text="Leg dan ook een postadres vast, of geef brieven persoonlijk af.",
    )
    safe_contact = forms.CharField(
        label="Hoe kan het wel veilig?",
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="Bijvoorbeeld: alleen op maandag, of via haar zus.",
    )
    letter_channel = forms.ChoiceField(
        label="Hoe wil de inwoner brieven krijgen?",
        choices=CHANNELS,
        widget=forms.RadioSelect,
        help_text="Kies alleen digitaal als de inwoner dat zelf wil.",
    )
    decision_channel = forms.ChoiceField(label="En besluiten?", choices=[SAME, *Channel.choices], required=False)
    appointment_channel = forms.ChoiceField(
        label="En afspraken en herinneringen?", choices=[SAME, *Channel.choices], required=False
    )
    language = forms.CharField(
        label="Welke taal spreekt deze persoon het liefst?",
        max_length=60,
        required=False,
        help_text="Laat dit leeg bij Nederlands.",
    )
    interpreter = forms.ChoiceField(
        label="Is er een tolk nodig?", choices=[("", "Nee"), *Interpreter.choices], required=False
    )

    def clean(self) -> dict[str, Any]:
        """Who may not be called or written to can still be reached."""
        data = self.cleaned_data
        if (data.get("no_phone") or data.get("no_post")) and not data.get("safe_contact"):
            self.add_error("safe_contact", "Schrijf op hoe contact wel veilig kan")
        return data

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        """The fields as the register has them."""
        return {name: getattr(person, name) for name in (*ContactFacts.__dataclass_fields__, "version")}

    def facts(self) -> ContactFacts:
        """What the service takes."""
        return ContactFacts(**{name: self.cleaned_data[name] for name in ContactFacts.__dataclass_fields__})


class PlaceForm(VersionForm):
    """An address in the Netherlands."""

    street = forms.CharField(label="Straat", max_length=100)
    house_number = forms.CharField(label="Huisnummer", max_length=20, help_text="Met letter of toevoeging.")
    postcode = PostcodeField(label="Postcode")
    city = forms.CharField(label="Woonplaats", max_length=80)
    since = NearDateField(past=True, label="Vanaf welke dag?", help_text="Bijvoorbeeld 4-12-2026 of vandaag.")

    def place(self) -> Place:
        """The address as the service takes it."""
        return Place(**{name: self.cleaned_data[name] for name in ADDRESS})


class MoveForm(PlaceForm):
    """A new home."""

    shielded = forms.BooleanField(
        label="Dit adres is geheim",
        required=False,
        help_text="Dan staat het adres op geen pagina en in geen brief. U geeft brieven persoonlijk af.",
    )
    together = forms.BooleanField(
        label="Het hele huishouden verhuist mee",
        required=False,
        help_text="Iedereen die op hetzelfde adres woont. Wie ook ergens anders woont, blijft staan.",
    )


class PostForm(PlaceForm):
    """Where post goes; without a street it goes home again."""

    care_of = forms.CharField(
        label="Ter attentie van, of per adres", max_length=100, required=False, help_text="Bijvoorbeeld: p/a haar zus."
    )
    field_order = ("version", "care_of")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ADDRESS:
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """A whole address, or none at all."""
        data = self.cleaned_data
        given = [name for name in (*ADDRESS, "care_of") if data.get(name)]
        if given and not set(ADDRESS) & self.errors.keys():
            for name in ADDRESS:
                if not data.get(name):
                    self.add_error(name, f"Vul ook dit in: {self.fields[name].label}")
        return data

    @staticmethod
    def initial_of(post: Address | None) -> dict[str, Any]:
        """The present post address."""
        return {name: getattr(post, name) for name in (*ADDRESS, "care_of")} if post else {}

    def where(self) -> Place | None:
        """The address, or None for home."""
        return self.place() if self.cleaned_data["street"] else None


class MemberForm(Form):
    """Somebody who comes to belong to the household."""

    given_names = forms.CharField(label="Voornamen", max_length=200)
    name_prefix = forms.CharField(label="Tussenvoegsel", max_length=20, required=False)
    family_name = forms.CharField(label="Achternaam", max_length=200)
    born = KnownDateField(
        label="Geboortedatum", partial=True, required=False, help_text="Weet u alleen het jaar? Dat is genoeg."
    )
    bsn = BsnField(label="Burgerservicenummer", required=False, help_text="Dan vinden wij deze persoon zeker terug.")
    gender = forms.ChoiceField(label="Geslacht", choices=GENDERS, required=False)
    since = NearDateField(past=True, label="Vanaf welke dag hoort deze persoon bij het huishouden?")
    part_time = forms.BooleanField(
        label="Woont hier een deel van de tijd",
        required=False,
        help_text="Bijvoorbeeld een kind van gescheiden ouders. Het hoort dan bij beide huishoudens.",
    )
    same_address = forms.BooleanField(label="Woont op hetzelfde adres", required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        """A birth date or a number, so that the same person is found again."""
        data = self.cleaned_data
        if not {"born", "bsn"} & self.errors.keys() and not (data.get("born") or data.get("bsn")):
            self.add_error("born", NO_BIRTH)
        return data

    def facts(self, home: Person) -> PersonFacts:
        """The person as the service takes it; `home` is who lives at the address already."""
        data = self.cleaned_data
        address = {name: getattr(home, name) for name in ADDRESS} if data["same_address"] else {}
        return PersonFacts(
            given_names=data["given_names"],
            prefix=data["name_prefix"],
            family_name=data["family_name"],
            born=PartialDate.number_of(data["born"]),
            bsn=data["bsn"] or None,
            gender=data["gender"],
            shielded=data["same_address"] and home.shielded,
            **address,
        )


class MergeForm(Form):
    """Which record is the same person, and why."""

    other = forms.ChoiceField(label="Wie is dezelfde persoon?", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Hoe weet u dat?", widget=forms.Textarea({"rows": 2}), max_length=1000,
        help_text="Bijvoorbeeld: gevraagd aan de inwoner, met het identiteitsbewijs.",
    )  # fmt: skip

    def __init__(self, *args: Any, doubles: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = [(str(person.pk), f"{person.name}, geboren {person.birth}") for person in doubles]
        self.fields["other"].choices = told  # type: ignore[attr-defined]


class UndoForm(Form):
    """Why it was not the same person."""

    reason = forms.CharField(
        label="Waarom is het toch iemand anders?", widget=forms.Textarea({"rows": 2}), max_length=1000
    )


class LeaveForm(Form):
    """Until which day somebody belonged to the household."""

    until = NearDateField(label="Tot en met welke dag hoorde deze persoon bij dit huishouden?")
