"""Mail to who watches over the use of Toegang: that something happened, without names and without cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from toegang.accounts.models import User
from toegang.core import mail, outbox

TEXT = """Goedendag,

{what}
{address}

In deze e-mail staan geen namen en geen zaken.
"""
IN_THE_LOG = "De privacy officer kan in het logboek zien wie het was."
SHIELDED = f"Een medewerker zocht naar een persoon die is afgeschermd. Er is niets getoond. {IN_THE_LOG}"
MANY = f"Een medewerker zocht vaker naar personen dan mag. Zoeken lukt nu even niet meer. {IN_THE_LOG}"
EMERGENCY = "Een medewerker heeft noodtoegang gebruikt. Wilt u dit beoordelen? Kies Noodtoegang beoordelen."
JOINED = (
    "Iemand uit een van uw zaken hoort nu ook bij een ander huishouden. In Wie keek in deze zaak staat bij welke zaak."
)
SIGNAL = "Bij een van uw zaken is een signaal gekomen. Het staat in het overzicht van die zaak."
# {kind of work: subject and what happened}
MAILS = {
    "tell_emergency": ("Noodtoegang gebruikt in Toegang", EMERGENCY),
    "tell_shielded": ("Afgeschermde persoon gezocht in Toegang", SHIELDED),
    "tell_joined": ("Iemand uit uw zaak hoort bij een ander huishouden", JOINED),
    "tell_signal": ("Signaal bij een van uw zaken", SIGNAL),
    "tell_many": ("Vaak personen gezocht in Toegang", MANY),
}


def tell(
    watchers: QuerySet[User] | Iterable[User], *, kind: str, about: Any, gemeente_id: int, case_id: UUID | None = None
) -> None:
    """Order a mail to each who has an address, when there is mail; about the same thing everybody gets one."""
    for user in watchers if settings.SENDS_MAIL else ():
        if user.email:
            key = f"{kind.removeprefix('tell_')}:{about}:{user.pk}"
            outbox.put(kind, key=key, case_id=case_id, gemeente_id=gemeente_id, user_id=user.pk)


def mail_watcher(*, kind: str, user_id: int, key: str) -> None:
    """Mail one watcher; nothing when the account is out of use."""
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    if user:
        subject, what = MAILS[kind]
        body = TEXT.format(what=what, address=settings.SITE_ADDRESS)
        mail.send(to=user.email, subject=subject, body=body, key=key)
