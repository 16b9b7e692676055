"""The product's settings as in production, with two pages of the bench beside the product's own."""

from saksgang.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
ALLOWED_HOSTS = ["localhost"]
