"""The contact form: what a customer types, checked in her own language and kept when something is amiss."""

import secrets
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

MOST_FILES = 5
MOST_BYTES = 20 * 1024 * 1024
OTHER = "other"
_SALT = "goodword.portal.contact"


class ManyFiles(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to MOST_FILES files, together no larger than MOST_BYTES."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """The files as a list, empty ones left out."""
        files = [file for file in (data or []) if file]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Please attach five files at most, or send the rest in a second message."))
        if sum(file.size or 0 for file in files) > MOST_BYTES:
            raise forms.ValidationError(_("Together the files are larger than 20 MB. Please choose smaller ones."))
        return files


class ContactForm(forms.Form):
    """Name, address, what it is about, order number, the letter itself, files. `website` is bait for robots."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        error_messages={"required": _("Please write your name, so that we know how to address you.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        error_messages={
            "required": _("Please write your e-mail address: that is where our answer goes."),
            "invalid": _("This does not look like an e-mail address. It should be like name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    about = forms.ChoiceField(label=_("What is it about?"), required=False)
    order = forms.CharField(
        label=_("Order number"),
        max_length=60,
        required=False,
        help_text=_("If you have it at hand. It stands in the order confirmation."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    text = forms.CharField(
        label=_("Your message"),
        max_length=20_000,
        error_messages={"required": _("Please tell us in a few words what we can do for you.")},
        help_text=_("Just as it comes. A person reads it."),
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    attachments = FilesField(
        label=_("Pictures or documents"),
        required=False,
        help_text=_("If they help to explain. Five files at most, together up to 20 MB."),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
    token = forms.CharField(widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args: Any, situations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "contact-%s"
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)
        about.choices = [("", _("Choose, if one of these fits")), *situations, (OTHER, _("Something else"))]
        self._point_to_hints()

    def _point_to_hints(self) -> None:
        """Tie each field to its hint and its error for those who hear the page."""
        for name, field in self.fields.items():
            wrong = self.is_bound and name in self.errors
            ids = [f"contact-{name}-wrong"] * wrong + [f"contact-{name}-hint"] * bool(field.help_text)
            field.widget.attrs |= {"aria-describedby": " ".join(ids)} if ids else {}
            field.widget.attrs |= {"aria-invalid": "true"} if wrong else {}

    @property
    def is_from_a_robot(self) -> bool:
        """The bait, which no person sees, was taken."""
        return bool(self.data.get("website"))


def new_token(notice: str) -> str:
    """A signed word that makes a page's form one letter however often it is posted.

    `notice` is the hash of the book whose privacy notice stands on the page.
    """
    return signing.dumps([secrets.token_urlsafe(24), notice], salt=_SALT)


def read_token(token: str) -> tuple[str, str] | None:
    """The form's own number and the hash of the notice she saw; None if we did not sign it."""
    try:
        number, notice = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(number), str(notice)
