"""Settings: read from the environment only, all in this file. docs/operations.md explains each name."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from saksgang.config import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.data_folder("var/data")

DEBUG = False
SECRET_KEY = env.secret("SECRET_KEY", DATA_DIR)
# A list, newest first: tokens in mails stay valid for years, so old keys are kept while SECRET_KEY may change any day.
MAIL_TOKEN_KEYS = env.words("MAIL_TOKEN_KEYS") or [env.secret("MAIL_TOKEN_KEY", DATA_DIR)]
# A list, newest first: what mailbox passwords in the database are sealed with.
MAILBOX_KEYS = env.words("MAILBOX_KEYS") or [env.secret("MAILBOX_KEY", DATA_DIR)]
# Whose Authentication-Results headers are believed; empty believes none.
MAIL_AUTHSERV_ID = env.text("MAIL_AUTHSERV_ID")

# The address that people and mails use, and the names that the server answers to.
BASE_URL = env.page_address("BASE_URL", "http://localhost:8000")
# Lets a BASE_URL without https be more than this machine's: for a closed test network only.
ALLOW_HTTP = env.flag("ALLOW_HTTP")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]")
BEHIND_HTTPS = BASE_URL.startswith("https://")
# Forms come from BASE_URL's own pages, which behind a proxy is not what the server itself is asked for.
CSRF_TRUSTED_ORIGINS = [*env.origins("TRUSTED_ORIGINS"), *env.origin(BASE_URL)]
# Addresses and networks of the proxies before us. Only what they say of a request's origin is believed.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
# Who brings it as «Authorization: Bearer …» may read /metrics from another machine; empty lets only this machine.
METRICS_TOKEN = env.text("METRICS_TOKEN")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_HTTPS else 0
SESSION_COOKIE_AGE = 12 * 3600  # one long shift
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "saksgang.console.views.form_token.refused"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "saksgang.lib",
    "saksgang.events",
    "saksgang.people",
    "saksgang.access",
    "saksgang.catalogue",
    "saksgang.tickets",
    "saksgang.inbound",
    "saksgang.outbound",
    "saksgang.improvements",
    "saksgang.channels",
    "saksgang.ui",
    "saksgang.console",
    "saksgang.worker",
    "saksgang.upkeep",
]

MIDDLEWARE = [
    "saksgang.config.proxies.ProxyMiddleware",
    "saksgang.config.hosts.HostMiddleware",
    "saksgang.config.cookies.CookieMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "saksgang.people.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

ROOT_URLCONF = "saksgang.config.urls"
WSGI_APPLICATION = "saksgang.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "saksgang.config.templates.Pages",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "saksgang.config.templates.environment",
            "context_processors": [
                "saksgang.config.templates.once_a_page",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": env.database(env.text("DATABASE_URL"), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "console:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "console:sign_in"

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Norsk bokmål"), ("nn", "Norsk nynorsk"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "saksgang.ui.storage.StaticFiles"},
}

# What a form may hold before the server refuses it; attachments are read in chunks to temporary files.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
ATTACHMENT_MAX_BYTES = 30 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# Mail in: the door that listens behind the local mail server.
SMTP_IN_HOST = env.host("SMTP_IN_HOST", "127.0.0.1")
SMTP_IN_PORT = env.port("SMTP_IN_PORT", 8025)
# The largest mail that any door takes: 30 MB of files as mail carries them, and some more. It is held whole while it is stored.
MAIL_MAX_BYTES = 50 * 1024 * 1024
# Mail out: the relay.
SMTP_OUT_HOST = env.host("SMTP_OUT_HOST", "127.0.0.1")
SMTP_OUT_PORT = env.port("SMTP_OUT_PORT", 25)
SMTP_OUT_STARTTLS = env.flag("SMTP_OUT_STARTTLS")
SMTP_OUT_USER, SMTP_OUT_PASSWORD = env.both("SMTP_OUT_USER", "SMTP_OUT_PASSWORD")
SMTP_OUT_TIMEOUT = 60  # seconds; well below the lease of five minutes
# A file of certificates to trust besides the system's, for relay and mailboxes with a certificate of the hospital's own.
MAIL_CA_FILE = env.certificates("MAIL_CA_FILE")
# Whoever writes from these belongs to the hospital: the hour's total does not count them.
MAIL_OWN_DOMAINS = env.mail_domains("MAIL_OWN_DOMAINS")
# Receipts within an hour: a mailbox that answers us, and a flood, fall silent for a while.
RECEIPTS_PER_ADDRESS = env.number("RECEIPTS_PER_ADDRESS", 5)
RECEIPTS_PER_HOUR = env.number("RECEIPTS_PER_HOUR", 200)
# How long an agent may take an answer back before it leaves.
UNDO_SECONDS = env.number("UNDO_SECONDS", 10, most=600)
# Where alarms are told as JSON, beside the front page and the log; empty tells nobody.
ALARM_WEBHOOK_URL = env.url("ALARM_WEBHOOK_URL")

# Where `saksgang backup` is told to put its copies; `saksgang check` looks there for one of the last day.
BACKUP_DIR = env.text("BACKUP_DIR")

# Which follower hears which event. A Delivery row is written with the event for each that stands here.
FOLLOWERS = {
    "outbound": {
        "ticket_registered",
        "message_sent",
        "message_sent_outward",
        "message_withdrawn",
        "requester_changed",
        "late_receipt_sent",
        "conversation_logged",
        "ticket_waits_for_requester",
        "ticket_waits_for_third_party",
        "ticket_planned",
        "date_promised",
        "requester_reminded",
        "ticket_resolved",
        "ticket_closed",
        "clarification_asked",
        "clarification_decided",
        "clarification_postponed",
        "ticket_ending_postponed",
        "status_sent",
        "clarification_escalated",
        "major_joined",
        "major_left_open",
        "major_update_told",
        "answer_failed",
        "answer_delayed",
    },
    "webhook": {"alarm_raised", "alarm_ended"} if ALARM_WEBHOOK_URL else set(),
}
# How long a worker may hold what it has claimed before another may take it up.
LEASE_SECONDS = env.number("LEASE_SECONDS", 300, least=2, most=86_400)

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_LINES = {"TEXT": "saksgang.lib.logs.TextLine", "JSON": "saksgang.lib.logs.JsonLine"}
LOG_LINE = {"()": LOG_LINES[env.choice("LOG_FORMAT", "TEXT", tuple(LOG_LINES))]}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": LOG_LINE},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", "INFO", LOG_LEVELS)},
    "loggers": {"mail.log": {"level": "WARNING"}},  # aiosmtpd writes every address at INFO
}

# Only `make demo` sets this; the demo's pages and its database exist nowhere else.
DEMO = env.flag("DEMO")
if DEMO:
    INSTALLED_APPS.append("saksgang.demo")
