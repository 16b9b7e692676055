"""The entry that the web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saksgang.config.settings")
application = get_wsgi_application()

# What is loaded now stays for as long as the process lives. A page makes some ten thousand objects and lets go of nearly all without
# the collector: asked after every 700, as is usual, it took a twentieth of a page and found nothing.
gc.freeze()
gc.set_threshold(10_000, 20, 50)
