"""Past decisions as cases to be replayed under another book."""

from goodword.desk.models import Decision
from goodword.policies.preview import PastCase


def past_cases(*, limit: int = 2000) -> list[PastCase]:
    """The newest `limit` final decisions with their frozen facts; none of them names a person."""
    decisions = Decision.objects.filter(state=Decision.FINAL).exclude(trace={}).order_by("-id")
    traces = decisions.values_list("pk", "trace")[:limit]
    return [PastCase.from_trace(pk, trace) for pk, trace in traces if trace.get("policy")]
