"""What internet.nl asks of the headers of a page, and what the house asks beside it, as plain predicates."""

from collections.abc import Iterator, Mapping

CSP = "Content-Security-Policy"
NO_FALLBACK = ("default-src", "base-uri", "form-action", "frame-ancestors")
NEVER = {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "http:", "https:", "*"}
SCHEMES = ("https://", "wss://")
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def csp_problems(policy: str) -> Iterator[str]:
    """What internet.nl holds against a content security policy."""
    directives = {parts[0]: parts[1:] for part in policy.split(";") if (parts := part.split())}
    for name in NO_FALLBACK:
        if name not in directives:
            yield f"{name} is missing"
    if directives.get("object-src") != ["'none'"]:
        yield "object-src is not 'none'"
    for name, sources in directives.items():
        for source in sources:
            if source in NEVER:
                yield f"{name} {source}"
            elif source == "data:" and name in {"script-src", "object-src", "default-src"}:
                yield f"{name} data:"
            elif not source.startswith(("'", *SCHEMES)) and not source.endswith(":"):
                yield f"{name} {source} has no scheme"


def problems(headers: Mapping[str, str]) -> list[str]:
    """Everything that is wrong with the headers of one answer; compressed pages would tell secrets (BREACH)."""
    wrong = [f"{name}: {headers.get(name)}" for name, value in FIXED.items() if headers.get(name) != value]
    compressed = [f"Content-Encoding: {headers['Content-Encoding']}"] if "Content-Encoding" in headers else []
    charset = headers.get("Content-Type", "charset=utf-8").replace('"', "")
    unknown = [charset] if charset.startswith("text/") and "charset=utf-8" not in charset else []
    shared = [f"{name}: {headers[name]}" for name in headers if name.lower().startswith("access-control-")]
    return [*wrong, *compressed, *unknown, *shared, *csp_problems(headers.get(CSP, ""))]
