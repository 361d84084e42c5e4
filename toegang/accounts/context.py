"""What every page may show of the house."""

from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, str]:
    """Give the name of the actor's gemeente for the page shell, without a query."""
    actor = getattr(request, "actor", None)
    name = actor.scope.gemeente_name if actor else ""
    return {"gemeente_naam": f"Gemeente {name}"} if name else {}
