"""Cases that wait for others."""

from django.urls import path

from saksgang.console.suppliers import views

urlpatterns = [path("suppliers", views.suppliers, name="suppliers")]
