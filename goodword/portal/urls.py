"""The addresses of this door."""

from django.urls import path

from goodword.portal import contact, own_page, paper, views

app_name = "portal"
urlpatterns = [
    path("", views.front, name="front"),
    path("policies/", views.policies, name="policies"),
    path("policies/handbook.pdf", paper.handbook, name="handbook_pdf"),
    path("policies/<slug:code>.pdf", paper.leaflet, name="policy_pdf"),
    path("policies/<slug:code>/", views.policy, name="policy"),
    path("contact/", contact.write, name="contact"),
    path("contact/thanks/", contact.thanks, name="thanks"),
    path("c/<str:token>/", own_page.own_page, name="own_page"),
    path("c/<str:token>/file/<int:pk>/", own_page.own_file, name="own_file"),
    path("c/<str:token>/fresh/", own_page.fresh_link, name="fresh_link"),
]
