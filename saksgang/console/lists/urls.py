"""The lists of cases, and looking for one."""

from django.urls import path

from saksgang.console.lists.views import assessments, front, queue, saved, search

urlpatterns = [
    path("", front.show, name="front"),
    # ?show=team|mine|untaken|waiting|new|all &team=SLUG &type= &service= &after=KEY
    path("queue", queue.show, name="queue"),
    path("queue/next", queue.take_next, name="take_next"),
    path("assessments", assessments.show, name="assessments"),  # ?days=30|90
    path("views", saved.show, name="views"),
    path("views/counts", saved.counts, name="view_counts"),  # ?here=QUERY of the list one is on
    path("views/<number:number>", saved.change, name="view"),
    path("search", search.show, name="search"),
]
