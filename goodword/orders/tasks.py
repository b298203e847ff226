"""Background work: files that wait to be brought in, a few seconds at a turn."""

from goodword.orders.imports import forget_files, run_due


def import_due() -> int:
    """Go on with an import for two seconds, so that mail does not wait for it; erase files that are done with."""
    return run_due(seconds=2.0) or forget_files()
