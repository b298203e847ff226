"""The mail receiver as a part of a process: started, watched, stopped."""

import smtplib
import threading

from django.conf import settings
from django.db import connection

from goodword.channels.receiving import start_receiver
from goodword.lib.configuration import ConfigurationError
from goodword.ops.pulse import SECONDS_BETWEEN, beat

_SECONDS_TO_ANSWER = 2.0


def receive_until(stop: threading.Event) -> None:
    """Take mail on GOODWORD_SMTP_PORT until `stop` is set, and note every few seconds whether it still answers."""
    host, port = settings.CONFIGURATION.host, settings.SMTP_PORT
    try:
        receiver = start_receiver(host, port)
    except OSError as error:
        raise ConfigurationError(
            f"cannot take mail on {host} port {port} ({error.strerror}). Set GOODWORD_SMTP_PORT to a free port."
        ) from None
    try:
        while not stop.is_set():
            beat("mail", problem="" if answers(host, port) else "no answer")
            stop.wait(SECONDS_BETWEEN)
    finally:
        receiver.stop()
        connection.close()


def answers(host: str, port: int) -> bool:
    """Whether a mail server greets us there."""
    try:
        with smtplib.SMTP(host, port, timeout=_SECONDS_TO_ANSWER) as server:
            return server.noop()[0] == 250
    except OSError:
        return False
