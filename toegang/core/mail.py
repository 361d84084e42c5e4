"""Mail to a medewerker: plain text, and the same identifier at each try."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage


def send(*, to: str, subject: str, body: str, key: str) -> None:
    """Send what a piece of outbox work asks; a mail server that got it already can tell by the key.

    Errors of the mail server reach the outbox, which tries again.
    """
    message_id = f"<{key.replace(':', '.')}@{urlsplit(settings.SITE_ADDRESS).hostname}>"
    EmailMessage(subject, body, to=[to], headers={"Message-ID": message_id}).send()
