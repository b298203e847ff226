"""Real processes for the tests of this door: the command in a folder of its own, on free ports."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Generous: the machine that runs the tests may be busy with other tests.
SECONDS_TO_START = 300
SECONDS_FOR_ONE_COMMAND = 300


@dataclass
class Desk:
    """A desk in a folder, its ports, and its process while it runs."""

    data: Path
    port: int
    smtp_port: int
    process: "subprocess.Popen[str] | None" = None

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self, **more: str) -> dict[str, str]:
        """The variables of its process: this folder and these ports, and nothing of the test run's own."""
        mine = {name: value for name, value in os.environ.items() if not name.startswith(("GOODWORD_", "DJANGO_"))}
        ports = {"GOODWORD_PORT": str(self.port), "GOODWORD_SMTP_PORT": str(self.smtp_port)}
        return {**mine, "GOODWORD_DATA": str(self.data), **ports, **more}

    def card(self) -> dict[str, Any]:
        """What `demo.json` says."""
        return dict(json.loads((self.data / "demo.json").read_text(encoding="utf-8")))

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and text of a page."""
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers), timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def landing(self, path: str) -> str:
        """The address at which a page, after its redirections, ends."""
        with urllib.request.urlopen(self.url + path, timeout=20) as answer:
            return str(answer.url)

    def health(self) -> dict[str, Any]:
        """What /healthz says."""
        return dict(json.loads(self.get("/healthz")[1]))

    def api(self, path: str) -> Any:
        """What the API says to the demo's own key."""
        status, text = self.get(f"/api/v1/{path}", Authorization=f"Bearer {self.card()['api_key']}")
        assert status == 200, text
        return json.loads(text)

    def is_well(self) -> bool:
        """Whether it answers, and everything in it works."""
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Send the signal; the exit status and the seconds it took."""
        assert self.process
        began = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(30), time.monotonic() - began


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def desk_in(folder: Path) -> Desk:
    """A desk that is not started yet."""
    return Desk(folder, free_port(), free_port())


@contextmanager
def running(desk: Desk, *command: str) -> Iterator[Desk]:
    """Run the desk's process until the block ends, from when it answers; its output is in `output.txt`."""
    desk.data.mkdir(parents=True, exist_ok=True)
    with (desk.data.parent / "output.txt").open("a+", encoding="utf-8") as output:
        arguments = [sys.executable, "-m", "goodword", *(command or ("run",))]
        desk.process = subprocess.Popen(arguments, env=desk.environment(), stdout=output, stderr=output, text=True)
        try:
            wait_until(desk.is_well, seconds=SECONDS_TO_START, unless=lambda: ended(desk))
            yield desk
        finally:
            if desk.process.poll() is None:
                desk.process.kill()
            desk.process.wait(30)


def ended(desk: Desk) -> str:
    """What the process said, if it has ended; else an empty text."""
    if desk.process is None or desk.process.poll() is None:
        return ""
    return (desk.data.parent / "output.txt").read_text(encoding="utf-8") or "(nothing)"


def wait_until(condition: Callable[[], Any], *, seconds: float, unless: Callable[[], str] = lambda: "") -> float:
    """Wait for the condition and return the seconds it took; fails when they are over, or at once with `unless`."""
    began = time.monotonic()
    while not condition():
        assert not unless(), unless()
        assert time.monotonic() - began < seconds, f"still waiting after {seconds} seconds"
        time.sleep(0.1)
    return time.monotonic() - began


def run_command(desk: Desk, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end, with nobody at the keyboard."""
    return subprocess.run(
        [sys.executable, "-m", "goodword", *arguments], env=desk.environment(**more), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=SECONDS_FOR_ONE_COMMAND, check=False,
    )  # fmt: skip
