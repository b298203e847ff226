"""`goodword reindex`: the search index made anew, while the desk runs or not."""

import argparse
import time

from goodword.ops.progress import progress
from goodword.search.actions import begin_anew, index_some
from goodword.search.queries import index_size, rows_left_to_index

_SECONDS_TO_LET_ANOTHER_GO_FIRST = 0.05


def reindex(_arguments: argparse.Namespace) -> int:
    """Make it anew and watch; a running worker does its part of it. Stopped half-way, the worker goes on."""
    begin_anew()
    total = rows_left_to_index()
    with progress("Indexing", total) as tell:
        while left := rows_left_to_index():
            tell(max(0, total - left), f"{left:,} to go")
            if not index_some():
                time.sleep(_SECONDS_TO_LET_ANOTHER_GO_FIRST)
        while index_some():
            pass
        tell(total, "")
    conversations, people, orders = index_size()
    print(f"In the index: {conversations:,} conversations, {people:,} customers, {orders:,} orders.")
    return 0
