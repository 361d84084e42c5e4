"""What a browser says of itself, in words that people know."""

# The first sign that is found counts: Edge and Opera also call themselves Chrome, and everybody Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrom", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
UNKNOWN = "Onbekend apparaat"


def device_words(user_agent: str) -> str:
    """Name the browser and the system of a User-Agent header, as "Firefox op Windows"."""
    found = [
        next((name for sign, name in signs if sign in user_agent), "") for signs in (BROWSERS, SYSTEMS)
    ]  # fmt: skip
    return " op ".join(name for name in found if name) or UNKNOWN
