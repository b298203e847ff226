"""Passwords and tokens at rest: sealed with a key made of the desk's secret key, opened only to sign in to a server.

Fernet (AES-128-CBC with HMAC-SHA-256) is `cryptography`'s own recipe; the package is there already for passkeys. The
secret key itself is in `desk.toml`, beside the database and not in it: a copy of the rows alone opens nothing.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from goodword.lib.errors import GoodwordError


class CannotOpen(GoodwordError):
    """A sealed value was made with another secret key: `desk.toml` is not the one it was sealed under."""


def seal(secret: str) -> str:
    """`secret` as it may be stored; "" stays ""."""
    return _box(settings.SECRET_KEY).encrypt(secret.encode()).decode() if secret else ""


def unseal(sealed: str) -> str:
    """What was sealed. Raises CannotOpen under another secret key."""
    if not sealed:
        return ""
    try:
        return _box(settings.SECRET_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotOpen(
            "A stored password cannot be opened: the desk's secret key is not the one it was sealed with. "
            "Restore desk.toml from the backup, or enter the password again."
        ) from None


@lru_cache(maxsize=4)
def _box(secret_key: str) -> Fernet:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"goodword.channels.mailboxes.sealing")
    return Fernet(base64.urlsafe_b64encode(made.derive(secret_key.encode())))
