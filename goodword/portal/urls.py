"""The addresses of this door."""

from django.urls import path

from goodword.portal import contact, views

app_name = "portal"
urlpatterns = [
    path("", views.front, name="front"),
    path("policies/", views.policies, name="policies"),
    path("policies/<slug:code>/", views.policy, name="policy"),
    path("contact/", contact.write, name="contact"),
    path("contact/thanks/", contact.thanks, name="thanks"),
]
