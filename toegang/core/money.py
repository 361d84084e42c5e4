"""Amounts as people read them."""

from decimal import Decimal

from django.utils.formats import number_format


def euros(amount: Decimal) -> str:
    """Write an amount in euros with two decimals: '€ 1.234,50'."""
    return f"€ {number_format(amount, 2, force_grouping=True)}"


def decimal_text(number: Decimal) -> str:
    """Write a number without zeros that say nothing: '2,5', '3'."""
    return f"{number.normalize():f}".replace(".", ",")
