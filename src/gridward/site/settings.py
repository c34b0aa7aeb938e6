"""Django settings, read from the environment only. One process family, one home folder, one database.

GRIDWARD_HOME    folder of this jurisdiction: gridward.sqlite3, blobs/, keys/, rejects/, checkpoints/ (default ./var)
DATABASE_URL     postgresql://… replaces only the SQLite file
GRIDWARD_HOSTS   comma-separated host names the server answers to (default: loopback names)
GRIDWARD_DEBUG   1 for tracebacks in the browser (refused by `gridward check --deploy`)
GRIDWARD_HTTPS   1 when the server is reached by HTTPS (secure cookies, HSTS)
GRIDWARD_ALLOW_SIMULATED_TIME  1 allows `--simulated-time`; see docs/reference/settings.md
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

HOME = Path(os.environ.get("GRIDWARD_HOME", "var")).absolute()
PACKAGE = Path(__file__).resolve().parent.parent


def read_secret(home: Path) -> str:
    """The signing key of this home. `gridward init` writes it; without a file sessions end with the process."""
    file = home / "keys" / "secret"
    return file.read_text().strip() if file.exists() else secrets.token_urlsafe(48)


def database(url: str, home: Path) -> dict[str, Any]:
    """The database dictionary for `url` (empty: the SQLite file in `home`)."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(home / "gridward.sqlite3"),
            "OPTIONS": {
                # DEFERRED transactions that read first cannot be upgraded: "database is locked" at once.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-20000;"
                "PRAGMA secure_delete=ON;PRAGMA temp_store=MEMORY",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError(f"DATABASE_URL must start with postgresql:// (found {parts.scheme}://)")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "") or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


SECRET_KEY = read_secret(HOME)
DEBUG = os.environ.get("GRIDWARD_DEBUG") == "1"
HTTPS = os.environ.get("GRIDWARD_HTTPS") == "1"
ALLOWED_HOSTS = [
    h for h in os.environ.get("GRIDWARD_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",") if h
]
SIMULATED_TIME = os.environ.get("GRIDWARD_SIMULATED_TIME") == "1"  # set by `serve --simulated-time` only

ROOMS = ("logbook", "grids", "people", "packs", "ledger", "cases")
INSTALLED_APPS = [
    *(f"gridward.{room}" for room in ROOMS),
    "gridward.site.apps.SiteConfig",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "gridward.site.middleware.guard",
    "django.middleware.csrf.CsrfViewMiddleware",  # sets the cookie; the door checks it (site/door.py)
]
ROOT_URLCONF = "gridward.site.urls"
WSGI_APPLICATION = "gridward.site.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [], "APP_DIRS": True}
]
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "site" / "static"
STATICFILES_DIRS: list[Path] = []
WHITENOISE_USE_FINDERS = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+[.-][0-9A-Za-z_-]{8,}\.(?:js|css|woff2|mjs)$"

UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_LIMIT_BYTES
FILE_UPLOAD_PERMISSIONS = 0o600

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SILENCED_SYSTEM_CHECKS = ["security.W003", "security.W002"]

NINJA_PAGINATION_PER_PAGE = 50
