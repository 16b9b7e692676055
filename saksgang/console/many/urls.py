"""Doing the same to several cases at once."""

from django.urls import path

from saksgang.console.many.views import batch, many

urlpatterns = [
    path("many", many.change, name="many"),
    path("many/marked", many.marked, name="marked"),  # ?the address of a list
    path("many/<number:number>", batch.show, name="batch"),
    path("many/<number:number>/undo", batch.undo, name="batch_undo"),
]
