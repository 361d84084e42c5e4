"""Amounts of money as people read them."""

from decimal import Decimal

from django.utils.formats import number_format


def euros(amount: Decimal) -> str:
    """Write an amount in euros with two decimals: '€ 1.234,50'."""
    return f"€ {number_format(amount, 2, force_grouping=True)}"
