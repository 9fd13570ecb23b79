"""All settings, driven by the environment; each variable has a row in the README."""

import sys
from pathlib import Path

import django_stubs_ext
import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from structlog.stdlib import ProcessorFormatter

from project import logs, mail_kinds, schedule
from project.database import options
from project.deployment import mail_addresses, production

django_stubs_ext.monkeypatch()  # Django's generic classes can then be subscripted at run time too
env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where and how it runs -----------------------------------------------------------------------------------------

DEMO = env.bool("DEMO", default=False)
DEBUG = False
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).absolute()
DEMO_SECRET = "demo-only-" + "0" * 40  # with DEMO=0 the server refuses to start with it
SECRET_KEY = env.str("SECRET_KEY", default=DEMO_SECRET)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
IS_HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])  # networks whose X-Forwarded-For and -Proto are believed
UNIVERSITY = env.str("UNIVERSITY", default="Demo University")

# --- Apps and the way of a request ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "ninja",
    "project.outbox",
    "project.accounts",
    "events",
    "registrations",
    "feedback",
    "project.dashboard",
    "project.demo",
    "project.operations",
]
MIDDLEWARE = [
    "project.web.proxies.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "project.web.cache_control.NoStoreMiddleware",
    "project.web.refusal_log.RefusalLogMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "registrations.views.refusals.RefusalMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "project.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "project.icons"],
        },
    }
]
CRISPY_TEMPLATE_PACK = CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- Database ------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/samen.sqlite3")}
IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
POOL, PREPARE_AFTER = env.int("DATABASE_POOL", default=8), env.int("DATABASE_PREPARE_AFTER", default=5)
POSTGRESQL = options.options_of_postgresql(most_connections=POOL, prepare_after=PREPARE_AFTER)
OPTIONS = options.SQLITE if IS_SQLITE else POSTGRESQL
DATABASES["default"]["OPTIONS"] = OPTIONS | DATABASES["default"].get("OPTIONS", {})

# --- Redis: broker and rate limits; nothing is lost without it ------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHE_URL = REDIS_URL.replace("redis+socket://", "unix://")
CACHES = {"default": {"BACKEND": "project.web.failover_cache.FailoverCache", "LOCATION": CACHE_URL}}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A request calls the worker and goes on. While the broker is away it must not wait: the sweep finds the mail.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5, "max_retries": 0}  # seconds
WORKER_NICENESS = env.int("WORKER_NICENESS", default=10)
MAILS_PER_SECOND = env.float("MAILS_PER_SECOND", default=20)  # at most, per worker process; 0: no limit
CELERY_BEAT_SCHEDULE = schedule.TASKS

# --- Mail ----------------------------------------------------------------------------------------------------------

OWN_NAME, MAIL_FROM = mail_addresses.mailbox("MAIL_FROM", env.str("MAIL_FROM", default="samen@demo.example"))
MAIL_FROM_NAME = mail_addresses.name("MAIL_FROM_NAME", env.str("MAIL_FROM_NAME", OWN_NAME or f"Samen, {UNIVERSITY}"))
DISCREET_FROM_NAME = mail_addresses.name("DISCREET_FROM_NAME", env.str("DISCREET_FROM_NAME", "University Events"))
EMAIL_URL = env.str("EMAIL_URL", default=f"file://{DATA_DIR}/mail")
EMAIL_FILE_PATH = EMAIL_URL.removeprefix("file://")
EMAIL_BACKEND = "project.outbox.adapters.EmlFileBackend"
if not EMAIL_URL.startswith("file://"):
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)  # seconds to wait for a silent mail server
MAIL_MERGE_SECONDS = env.int("MAIL_MERGE_SECONDS", default=0 if DEMO else 600)
OUTBOX_KINDS = mail_kinds.KINDS
ICAL_ATTACH_COPY = env.bool("ICAL_ATTACH_COPY", default=True)
ICAL_INITIAL_PARTSTAT = env.str("ICAL_INITIAL_PARTSTAT", default="NEEDS-ACTION")
ICAL_CLASS = env.str("ICAL_CLASS", default="PUBLIC")
ICAL_UMBRELLA = env.bool("ICAL_UMBRELLA", default=False)
ICAL_ORGANIZER_TOKEN = env.bool("ICAL_ORGANIZER_TOKEN", default=False)
ON_DECLINE = env.str("ON_DECLINE", default="release")  # what to do with the seat of people who decline; "ask", "ignore"
REPLY_REQUIRE_DMARC = env.bool("REPLY_REQUIRE_DMARC", default=False)
AUTHSERV_ID = env.str("AUTHSERV_ID", default="")
INBOUND_IMAP_URL = env.str("INBOUND_IMAP_URL", default="")
INBOUND_FORWARD_TO = mail_addresses.address("INBOUND_FORWARD_TO", env.str("INBOUND_FORWARD_TO", default=""))
ANYMAIL = env.json("ANYMAIL", default={})  # settings of django-anymail for a provider that delivers incoming mail
HELP_CONTACTS = {
    "adviser_name": env.str("HELP_ADVISER_NAME", default=""),
    "adviser_email": mail_addresses.address(
        "HELP_ADVISER_EMAIL", env.str("HELP_ADVISER_EMAIL", "adviser@demo.example")
    ),
    "adviser_phone": env.str("HELP_ADVISER_PHONE", default="+31 15 000 0000"),
    "report_url": env.str("HELP_REPORT_URL", default="https://demo.example/report"),
    "emergency_phone": env.str("HELP_EMERGENCY_PHONE", default="112"),
}

# --- Signing in ----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["project.accounts.adapters.CodeBackend"]
MEMBER_DOMAINS = mail_addresses.domains("MEMBER_DOMAINS", env.list("MEMBER_DOMAINS", default=["demo.example"]))
ACCOUNT_ADAPTER = "registrations.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": False}  # docs/decisions.md, "Sign-in codes"
ACCOUNT_RATE_LIMITS = False  # ours are in project.accounts.services.sign_ins
OUR_FORMS = {"request_login_code": "AddressForm", "confirm_login_code": "CodeForm"}
ACCOUNT_FORMS = {name: f"project.accounts.forms.{form}" for name, form in OUR_FORMS.items()}
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "registrations:my_sessions"

# --- Language and time ---------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("nl", "Nederlands")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "__Host-language" if IS_HTTPS else "language"
TIME_ZONE = "Europe/Amsterdam"

# --- Files ---------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(DATA_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "project" / "static"]
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # the others are never requested, and compressing them takes time
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "png", "webp", "woff2", "gz", "br", "map")

# --- Security ------------------------------------------------------------------------------------------------------

OURS = ("script-src", "style-src", "font-src", "connect-src", "form-action", "frame-src", "manifest-src")
NOBODYS = ("default-src", "frame-ancestors", "base-uri")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {"img-src": [SELF, "data:"], **{name: [SELF] for name in OURS}, **{name: [NONE] for name in NOBODYS}}
}
CSRF_FAILURE_VIEW = "registrations.views.stale.ask_again"
SESSION_ENGINE = "project.accounts.adapters"
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
LANGUAGE_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = ["^health/"]  # requested from inside, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # ProxyMiddleware removes it unless it can be trusted
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 15_000_000 if ANYMAIL else 2_000_000  # a provider's webhook posts whole mails
UPLOAD_PATH, UPLOAD_MAX_SIZE = "/organise/events/", 12_000_000  # only organisers upload files: pictures of events

# --- Logs: structured, and without personal data --------------------------------------------------------------------

LOG_RENDERER = (
    structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    if env.str("LOG_FORMAT", default="console" if DEMO else "json") == "console"
    else structlog.processors.JSONRenderer()
)
structlog.configure(
    processors=[*logs.STEPS, ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {"()": ProcessorFormatter, "processor": LOG_RENDERER, "foreign_pre_chain": logs.STEPS}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": logs.LOGGERS,
}

# --- What production refuses ---------------------------------------------------------------------------------------

MAY_USE_SQLITE = env.bool("ALLOW_SQLITE", default=False)
if not DEMO and (REFUSED := production.refusals(vars())):
    raise ImproperlyConfigured("With DEMO=0: " + "; ".join(REFUSED))
