"""The WSGI entry that `gridward serve` hands to the server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gridward.site.settings")
application = get_wsgi_application()
