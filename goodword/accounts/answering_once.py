"""Doing a request once, however often it is sent: what it did and its answer are committed in one transaction.

A client that hears nothing sends the same request again, with the same Idempotency-Key. Had we died before the
commit, nothing happened, and it runs; had we died after it, the answer is there to be given.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction

from goodword.accounts.models import ApiKey, StoredAnswer
from goodword.lib import clock
from goodword.lib.errors import GoodwordError

KEPT = timedelta(hours=24)
# Longer than any request takes. Should one take longer, the second to commit is rolled back (see `_finish`).
LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Answer:
    """What a request was answered."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def is_refusal(self) -> bool:
        """Whether nothing was done."""
        return self.status >= 400


class OtherRequest(GoodwordError):
    """The idempotency key was used before, for another request."""


class StillRunning(GoodwordError):
    """The same request is being answered at this moment. `seconds`: when to ask again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("The same request is being answered at this moment.")
        self.seconds = seconds


class AnswerErased(GoodwordError):
    """It was done, but its answer named a customer who has been erased since."""


def answer_whole(work: Callable[[], Answer]) -> Answer:
    """Run `work` in one transaction: all of it is stored, or, where it refuses, nothing."""
    with transaction.atomic():
        answer = work()
        if answer.is_refusal:
            transaction.set_rollback(True)
    return answer


def answer_once(key: ApiKey, token: str, digest: str, work: Callable[[], Answer]) -> tuple[Answer, bool]:
    """Run `work` unless `token` was answered in the last 24 hours; the answer, and whether it is that earlier one.

    `digest` stands for the whole request. A refusal is not kept, since nothing was done: the next try runs anew.
    Raises OtherRequest, StillRunning, AnswerErased.
    """
    row = _claim(key, token, digest)
    if row.state == StoredAnswer.DONE:
        return _stored(row), True
    try:
        with transaction.atomic():
            answer = work()
            if answer.is_refusal:
                transaction.set_rollback(True)
            else:
                _finish(row, answer)
    except BaseException:
        _release(row)
        raise
    if answer.is_refusal:
        _release(row)
    return answer, False


def forget_answers(person: object) -> None:
    """A customer is erased: no stored answer may name her. That they were given stays, or they would be done again."""
    StoredAnswer.objects.filter(state=StoredAnswer.DONE).update(body="", headers={}, erased=True)


@transaction.atomic
def _claim(key: ApiKey, token: str, digest: str) -> StoredAnswer:
    now = clock.now()
    StoredAnswer.objects.filter(made_at__lt=now - KEPT).delete()
    fresh = {"digest": digest, "lease_until": now + LEASE, "made_at": now}
    row, is_new = StoredAnswer.objects.get_or_create(key=key, token=token, defaults=fresh)
    if is_new:
        return row
    row = StoredAnswer.objects.select_for_update().get(pk=row.pk)
    if row.digest != digest:
        raise OtherRequest("This idempotency key was used before, for another request. Use a new key for each request.")
    if row.state == StoredAnswer.RUNNING:
        if row.lease_until > now:
            raise StillRunning(max(1, int((row.lease_until - now).total_seconds())))
        row.lease_until = now + LEASE
        row.save(update_fields=["lease_until"])
    return row


def _finish(row: StoredAnswer, answer: Answer) -> None:
    ours = StoredAnswer.objects.filter(pk=row.pk, state=StoredAnswer.RUNNING, lease_until=row.lease_until)
    done = ours.update(
        state=StoredAnswer.DONE, status=answer.status, headers=answer.headers, body=answer.body, lease_until=clock.now()
    )
    if not done:  # we took so long that somebody else runs it now: ours must not count as well
        raise StillRunning(1)


def _release(row: StoredAnswer) -> None:
    StoredAnswer.objects.filter(pk=row.pk, state=StoredAnswer.RUNNING, lease_until=row.lease_until).delete()


def _stored(row: StoredAnswer) -> Answer:
    if row.erased:
        raise AnswerErased("This was done already; what was answered has been erased since, with a customer.")
    return Answer(int(row.status or 200), dict(row.headers), row.body)
