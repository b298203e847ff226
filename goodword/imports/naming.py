"""What this desk calls itself in a history: the same before and after it moves to another database."""

from django.utils.crypto import salted_hmac


def own_source() -> str:
    """The name under which this desk's own conversations are written out; no other desk has it."""
    return f"goodword-{salted_hmac('goodword.imports', 'desk', algorithm='sha256').hexdigest()[:12]}"
