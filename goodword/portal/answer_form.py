"""What a customer writes on her own page: words, files, or both."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goodword.portal.contact_form import FilesField


class AnswerForm(forms.Form):
    """The answer itself and files. `website` is bait for robots; `token` makes it one answer however often posted."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    attachments = FilesField(
        label=_("Pictures or documents"),
        required=False,
        help_text=_("If they help to explain. Five files at most, together up to 20 MB."),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
    token = forms.CharField(widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "answer-%s"
        if self.is_bound and "text" in self.errors:
            self.fields["text"].widget.attrs |= {"aria-invalid": "true", "aria-describedby": "answer-text-wrong"}
        self.fields["attachments"].widget.attrs |= {"aria-describedby": "answer-attachments-hint"}

    def clean(self) -> dict[str, Any]:
        """Something must have been said."""
        typed = super().clean() or {}
        if not str(typed.get("text") or "").strip() and not typed.get("attachments") and not self.errors:
            self.add_error("text", _("Please tell us in a few words what we can do for you."))
        return typed

    @property
    def is_from_a_robot(self) -> bool:
        """The bait, which no person sees, was taken."""
        return bool(self.data.get("website"))
