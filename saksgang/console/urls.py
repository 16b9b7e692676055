"""Every page of the console. One noun is one view file; each folder tells its own addresses."""

from django.urls import path

from saksgang.console.announcements.urls import urlpatterns as announcements
from saksgang.console.calls.urls import urlpatterns as calls
from saksgang.console.case.urls import urlpatterns as case
from saksgang.console.improvements.urls import urlpatterns as improvements
from saksgang.console.lists.urls import urlpatterns as lists
from saksgang.console.live.urls import urlpatterns as live
from saksgang.console.mail.urls import urlpatterns as mail
from saksgang.console.major.urls import urlpatterns as major
from saksgang.console.many.urls import urlpatterns as many
from saksgang.console.registration.urls import urlpatterns as registration
from saksgang.console.routing.urls import urlpatterns as routing
from saksgang.console.suppliers.urls import urlpatterns as suppliers
from saksgang.console.triage.urls import urlpatterns as triage
from saksgang.console.views import accessibility, components, language, session

app_name = "console"

urlpatterns = [
    path("sign-in", session.sign_in, name="sign_in"),
    path("sign-out", session.sign_out, name="sign_out"),
    path("session", session.state, name="session"),
    path("signed-in", session.signed_in, name="signed_in"),
    path("language", language.choose, name="language"),
    path("accessibility", accessibility.show, name="accessibility"),
    path("components", components.show, name="components"),
    *lists,
    *case,
    *registration,
    *mail,
    *many,
    *announcements,
    *triage,
    *calls,
    *major,
    *suppliers,
    *routing,
    *improvements,
    *live,
]
