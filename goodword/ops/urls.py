"""The addresses of this door."""

from django.urls import path

from goodword.ops import views

app_name = "ops"
urlpatterns = [path("healthz", views.healthz, name="healthz")]
