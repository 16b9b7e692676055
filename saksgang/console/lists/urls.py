"""The lists of cases, and looking for one."""

from django.urls import path

from saksgang.console.lists.views import front, queue, search

urlpatterns = [
    path("", front.show, name="front"),
    # ?show=team|mine|untaken|waiting|new|all &team=SLUG &type= &service= &after=KEY
    path("queue", queue.show, name="queue"),
    path("queue/next", queue.take_next, name="take_next"),
    path("search", search.show, name="search"),
]
