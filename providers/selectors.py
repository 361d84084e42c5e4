"""What there is to choose from."""

from datetime import date

from django.db.models import Q, QuerySet

from providers.models import Contract, Product


def products_on(law: str, day: date) -> QuerySet[Product]:
    """Products of a law on a day."""
    return Product.objects.valid_on(day).filter(law=law).order_by("name")


def contracts_for(*, product_id: int, gemeente_id: int, day: date) -> QuerySet[Contract]:
    """Contracts under which a product can be given on a day, the shortest waiting time first."""
    return (
        Contract.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day)
        .filter(product_id=product_id, gemeente_id=gemeente_id)
        .select_related("provider")
        .order_by("waiting_days", "provider__name")
    )
