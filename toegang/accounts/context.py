"""What every page may show of the house."""

from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, str]:
    """Give the name of the actor's gemeente and for whom somebody acts, for the page shell, without a query."""
    actor = getattr(request, "actor", None)
    name = actor.scope.gemeente_name if actor else ""
    shown = {"gemeente_naam": f"Gemeente {name}"} if name else {}
    if actor and actor.on_behalf_of:
        shown["namens"] = request.session.get("on_behalf_name", "")
    return shown
