"""The write lock: one at a time, in the order of arrival."""

import threading
import time

import pytest

from goodword.lib.sqlite.fifo import FifoLock


def test_the_lock_serves_waiters_in_the_order_in_which_they_came() -> None:
    lock, served = FifoLock(), []

    def wait_for_turn(number: int) -> None:
        with lock:
            served.append(number)

    lock.acquire()
    threads = []
    for number in range(20):
        threads.append(threading.Thread(target=wait_for_turn, args=(number,)))
        threads[-1].start()
        until(lambda waiting=number + 1: len(lock._waiting) == waiting)
    lock.release()
    for thread in threads:
        thread.join()
    assert served == list(range(20))


def test_the_lock_is_never_held_twice_at_once() -> None:
    lock, inside, most = FifoLock(), 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(200):
            with lock:
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, inside) == (1, 0)


def test_a_newcomer_does_not_pass_those_who_wait() -> None:
    lock, served = FifoLock(), []
    lock.acquire()
    waiter = threading.Thread(target=lambda: (lock.acquire(), served.append("waiter"), lock.release()))
    waiter.start()
    until(lambda: len(lock._waiting) == 1)
    lock.release()
    # The lock is the waiter's already, though its thread may not have run yet.
    with lock:
        served.append("newcomer")
    waiter.join()
    assert served == ["waiter", "newcomer"]


def test_releasing_a_lock_that_nobody_holds_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="not held"):
        FifoLock().release()


def until(condition: object, seconds: float = 5) -> None:
    """Wait until `condition()` holds."""
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]  # any callable
        assert time.monotonic() < end
        time.sleep(0.0005)
