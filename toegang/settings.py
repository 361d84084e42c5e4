"""Settings: one file, everything from the environment, safe by default; refuses to start unsafe in production."""

import base64
import os
import warnings
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

# django-fsm 3.0.1 (MIT) announces its move to another licence at every import.
warnings.filterwarnings("ignore", message="The 'django-fsm' package has been integrated", category=UserWarning)

BASE_DIR = Path(__file__).resolve().parent.parent
MODES = ("production", "demo", "test")
SHORTEST_KEY = 50
FEWEST_SIGNS = 10
KNOWN_BSN_KEY = base64.urlsafe_b64encode(b"test-key-for-sealing-the-numbers").decode()


def _environment(name: str, default: str = "") -> str:
    """Read a setting; NAME_FILE names a file that holds it (a mounted secret)."""
    if file := os.environ.get(f"{name}_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def _keys(name: str, known: str) -> tuple[str, ...]:
    """Read keys with commas between them, the one that writes first; outside production there is a known one."""
    given = _environment(name, "" if PRODUCTION else known)
    return tuple(key.strip() for key in given.split(",") if key.strip())


def _is_weak(key: str) -> bool:
    return len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_SIGNS or key.startswith(("test-", "django-insecure"))


def _seals(key: str) -> bool:
    """Whether a key for sealing is 32 random bytes in base64 with - and _, and not the known one."""
    try:
        raw = base64.b64decode(key, altchars=b"-_", validate=True)
    except ValueError:
        return False
    return len(raw) == 32 and len(set(raw)) >= FEWEST_SIGNS and key != KNOWN_BSN_KEY  # noqa: PLR2004 (Fernet's size)


def _database(url: str) -> dict[str, object]:
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "toegang"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {},
    }


MODE = _environment("TOEGANG_MODE", "production")
PRODUCTION = MODE == "production"
DEMO = MODE in ("demo", "test")
DEBUG = False
SECRET_KEY = _environment("SECRET_KEY", "" if PRODUCTION else "test-" + "0123456789" * 5)
# For burgerservicenummers: the first key seals or indexes, all of them open or find (toegang.core.sealing).
BSN_KEYS = _keys("BSN_KEYS", KNOWN_BSN_KEY)
BSN_INDEX_KEYS = _keys("BSN_INDEX_KEYS", "test-index-" + "0123456789" * 4)
ALLOWED_HOSTS = [
    host for host in _environment("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1").split(",") if host
]

if MODE not in MODES:
    raise ImproperlyConfigured(f"TOEGANG_MODE moet een van {', '.join(MODES)} zijn, niet {MODE!r}.")
if PRODUCTION:
    if _is_weak(SECRET_KEY):
        raise ImproperlyConfigured("SECRET_KEY ontbreekt, is te kort of is een bekende sleutel.")
    if not BSN_KEYS or not all(map(_seals, BSN_KEYS)):
        raise ImproperlyConfigured("BSN_KEYS ontbreekt, of noemt iets anders dan geheime sleutels van 32 bytes.")
    if not BSN_INDEX_KEYS or any(map(_is_weak, BSN_INDEX_KEYS)) or SECRET_KEY in BSN_INDEX_KEYS:
        raise ImproperlyConfigured("BSN_INDEX_KEYS ontbreekt, is te kort, is bekend of heeft al een ander doel.")
    if _environment("DEBUG"):
        raise ImproperlyConfigured("DEBUG bestaat niet in productie: haal deze instelling weg.")
    if _environment("DEMO_PASSWORD"):
        raise ImproperlyConfigured("DEMO_PASSWORD hoort bij de demo: productie heeft geen demo-accounts.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS moet de adressen van deze website noemen.")
if MODE == "demo" and not set(ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}:
    raise ImproperlyConfigured("De demo luistert alleen op deze computer.")

INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "simple_history",
    "toegang.core",
    "toegang.accounts",
    "casework",
    "providers",
    "plans",
    "decisions",
    "toegang.werkplek",
    "toegang.portaal",
    "toegang.sturing",
    "toegang.clock",
    *(["toegang.demo"] if DEMO else []),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "toegang.core.access.NoStoreMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "toegang.accounts.sessions.SessionMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "toegang.core.access.PolicyMiddleware",
]
ROOT_URLCONF = "toegang.urls"
WSGI_APPLICATION = "toegang.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "toegang.accounts.context.house",
            ],
            "builtins": ["toegang.core.templatetags.ui", "django.templatetags.static"],
            "string_if_invalid": "",
        },
    }
]
FORM_RENDERER = "toegang.core.forms.Renderer"

# The application's login is never superuser or owner; the throw-away test cluster's login is, and assumes a role.
_TEST_URL = _environment("TOEGANG_TEST_DATABASE_URL", "postgresql:///postgres")
DATABASES = {"default": _database(_TEST_URL if MODE == "test" else _environment("DATABASE_URL"))}
if MODE == "test":
    DATABASES["default"]["OPTIONS"] = {"assume_role": "toegang_owner"}
    # A migrated database to copy; without one the tests migrate their own.
    DATABASES["default"]["TEST"] = {"TEMPLATE": _environment("TOEGANG_TEST_TEMPLATE", "") or None}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "toegang.accounts.backends.StaffBackend",
    "toegang.accounts.backends.ResidentBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "toegang.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "toegang.accounts.passwords.NotCommon"},
    {"NAME": "toegang.accounts.passwords.NotLikeTheUser"},
    {"NAME": "toegang.accounts.passwords.NotOurWords"},
]

# Signing in: local accounts with a second factor by allauth, OpenID Connect by toegang.accounts.oidc.
ACCOUNT_ADAPTER = "toegang.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_RATE_LIMITS = {"web_melding": "20/h/ip"}  # meldingen by the website from one address
ACCOUNT_FORMS = {
    "login": "toegang.accounts.forms.LoginForm",
    "reauthenticate": "toegang.accounts.forms.PasswordAgainForm",
    "change_password": "toegang.accounts.forms.NewPasswordForm",
}
MFA_ADAPTER = "toegang.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_FORMS = {
    "authenticate": "toegang.accounts.forms.CodeForm",
    "reauthenticate": "toegang.accounts.forms.CodeAgainForm",
    "activate_totp": "toegang.accounts.forms.ActivateAppForm",
    "add_webauthn": "toegang.accounts.forms.AddPasskeyForm",
    "authenticate_webauthn": "toegang.accounts.forms.PasskeyForm",
    "login_webauthn": "toegang.accounts.forms.PasskeyLoginForm",
    "reauthenticate_webauthn": "toegang.accounts.forms.PasskeyAgainForm",
}
# The proxy in front sets X-Forwarded-For anew; without one the header is somebody's word.
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PRODUCTION else 0
SECOND_FACTOR_REQUIRED = PRODUCTION  # the demo has one printed password and no factors

# Who may sign in through an identity provider; without a setting that way in does not exist.
STAFF_OIDC = _environment("STAFF_OIDC")
RESIDENT_OIDC = _environment("RESIDENT_OIDC")

# Mail leaves through one relay, from the worker. Without EMAIL_HOST production sends none: a link is handed over.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if PRODUCTION else 'console'}.EmailBackend"
EMAIL_HOST = _environment("EMAIL_HOST")
EMAIL_PORT = int(_environment("EMAIL_PORT", "587"))
EMAIL_HOST_USER = _environment("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = _environment("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = True
EMAIL_TIMEOUT = 10  # seconds
SENDS_MAIL = bool(EMAIL_HOST) or not PRODUCTION
DEFAULT_FROM_EMAIL = _environment("EMAIL_FROM", f"geen-antwoord@{ALLOWED_HOSTS[0]}")
# The address of this website as a mail writes it.
SITE_ADDRESS = f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else f"http://127.0.0.1:{_environment('PORT', '8000')}"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # seconds that the link of an invitation works

# Minutes without use, and hours since signing in, after which a session ends.
SESSION_LIMITS = {
    "medewerker": (
        int(_environment("STAFF_IDLE_MINUTES", "30")),
        int(_environment("STAFF_SESSION_HOURS", "10")),
    ),
    "inwoner": (
        int(_environment("RESIDENT_IDLE_MINUTES", "15")),
        int(_environment("RESIDENT_SESSION_HOURS", "2")),
    ),
}
WAY_OUT = _environment("WAY_OUT") or "https://www.buienradar.nl/"  # where who must not be seen in the portaal goes
SESSION_WARNING = 5 * 60  # seconds before the end at which the page says so
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # Django's 300 would let a crowd push the counts of tries out
    }
}
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LANGUAGE_CODE = "nl"
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

STATIC_URL = "/static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATIC_ROOT = _environment("STATIC_ROOT", str(BASE_DIR / ".local" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILES_FOLDER = _environment("FILES_FOLDER", str(BASE_DIR / ".local" / "files"))
# Where the root of each seal on the log is written, for another to keep; empty is off.
LOG_ROOTS_FOLDER = _environment("LOG_ROOTS_FOLDER")
REFERENCE_FOLDER = BASE_DIR / "reference"
FONTS_FOLDER = BASE_DIR / "static" / "vendor" / "fonts-pdf"

# Over plain http the demo drops only Secure, the __Host- prefix and HSTS.
SESSION_COOKIE_NAME = "__Host-sessie" if PRODUCTION else "sessie"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Longer than every limit, so that an ended session is still known and what was typed in it can be kept.
SESSION_COOKIE_AGE = 60 * 60 * 24
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^gezond$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 63_072_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "toegang.accounts.views.house.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["toegang.core.uploads.InMemory"]

# The broker is only the bell: the work itself is a row in the outbox.
BROKER_FOLDER = Path(_environment("BROKER_FOLDER", str(BASE_DIR / ".local" / "broker")))
CELERY_BROKER_URL = _environment("BROKER_URL", "filesystem://")
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_FOLDER / "queue"),
        "data_folder_out": str(BROKER_FOLDER / "queue"),
        "control_folder": str(BROKER_FOLDER / "control"),
        "polling_interval": 0.05,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "seal-log": {"task": "toegang.clock.tasks.seal_log", "schedule": 60.0, "options": {"expires": 120}},
    "sweep-outbox": {"task": "toegang.core.outbox.sweep", "schedule": 5.0, "options": {"expires": 20}},
    "clock": {"task": "toegang.clock.tasks.tick", "schedule": 20.0, "options": {"expires": 60}},
}
# Seconds that a worker may hold a piece of work before another one takes it over.
OUTBOX_LEASE = float(_environment("OUTBOX_LEASE", "60"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "toegang.core.lines.Lines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", **({"formatter": "lines"} if PRODUCTION else {})}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
