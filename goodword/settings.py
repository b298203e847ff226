"""Django's settings, read from a handful of GOODWORD_* variables; docs/configuration.md lists them all.

Whatever is a promise, a limit or an authority is not here: it stands in the policy book.
"""

from django.utils.translation import gettext_lazy as _

from goodword.lib.configuration import read_configuration

CONFIGURATION = read_configuration()

DATA_ROOT = CONFIGURATION.data
BLOB_ROOT = DATA_ROOT / "blobs"
SECRET_KEY = CONFIGURATION.secret_key
DEMO = CONFIGURATION.demo
DEBUG = False
ALLOWED_HOSTS = CONFIGURATION.hosts
CSRF_TRUSTED_ORIGINS = [CONFIGURATION.url] if CONFIGURATION.url else []
PUBLIC_URL = CONFIGURATION.url

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "template_partials",
    "goodword.journal",
    "goodword.accounts",
    "goodword.people",
    "goodword.policies",
    "goodword.orders",
    "goodword.desk",
    "goodword.promises",
    "goodword.channels",
    "goodword.notifications",
    "goodword.imports",
    "goodword.search",
    "goodword.web",
    "goodword.portal",
    "goodword.ops",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "goodword.web.middleware.speak_the_agents_language",
    "goodword.web.middleware.translate_errors",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "goodword.urls"
ASGI_APPLICATION = "goodword.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before allauth's own: its sign-in pages in our look.
        "DIRS": [CONFIGURATION.package / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "goodword.web.context.company",
            ],
        },
    },
]

DATABASES = {"default": CONFIGURATION.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

AUTH_USER_MODEL = "accounts.Agent"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
    if CONFIGURATION.testing
    else "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "goodword.web.sign_in.StaffOnlyAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:queue"
LOGOUT_REDIRECT_URL = "portal:front"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("da", _("Danish")),
    ("id", _("Indonesian")),
    ("ms", _("Malay")),
    ("tr", _("Turkish")),
]
# The staff pages are offered only in languages they are whole in; the first is for everybody else.
STAFF_LANGUAGES = ["en", "da", "id", "ms", "tr"]
# The second goes before the libraries, too: what allauth has no Malay for.
LOCALE_PATHS = [CONFIGURATION.package / "locale", CONFIGURATION.package / "web" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_ROOT / "static"
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIGURATION.url.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
    }
}

MAIL_LIMIT_BYTES = CONFIGURATION.mail_limit_bytes
SMTP_PORT = CONFIGURATION.smtp_port
SMTP_OUT = CONFIGURATION.smtp_out

LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS = ["account.W001"]
