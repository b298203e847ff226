"""Three-valued logic: yes, no, and unknown, which is no third kind of no (DMN 1.5, table 50)."""

from __future__ import annotations

from typing import Any

from goodword.engine.values import UNKNOWN


def either(left: Any, right: Any) -> Any:
    """`or`: yes settles it. Raises TypeError for what is neither yes, no nor unknown."""
    _check(left, right)
    if left is True or right is True:
        return True
    return UNKNOWN if left is UNKNOWN or right is UNKNOWN else False


def both(left: Any, right: Any) -> Any:
    """`and`: no settles it. Raises TypeError for what is neither yes, no nor unknown."""
    _check(left, right)
    if left is False or right is False:
        return False
    return UNKNOWN if left is UNKNOWN or right is UNKNOWN else True


def _check(*values: Any) -> None:
    for value in values:
        if value is not UNKNOWN and not isinstance(value, bool):
            raise TypeError
