"""Where each door stands."""

from django.urls import include, path

urlpatterns = [
    path("", include("goodword.portal.urls")),
    path("desk/", include("goodword.web.urls")),
    path("sign-in/", include("allauth.urls")),
    path("api/v1/", include("goodword.api.urls")),
    path("", include("goodword.ops.urls")),
]
