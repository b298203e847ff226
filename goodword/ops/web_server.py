"""The web pages under uvicorn, stopped by the same signals as everything else."""

import socket
import threading
from types import FrameType

import uvicorn

# An open event stream would hold the stop for ever; pages reconnect by themselves.
SECONDS_FOR_OPEN_REQUESTS = 2


class DeskServer(uvicorn.Server):
    """uvicorn that lets the other parts of the process begin to stop while it finishes its open requests."""

    def __init__(self, config: uvicorn.Config, stop: threading.Event) -> None:
        super().__init__(config)
        self._stop_everything = stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal came: tell the other parts, then stop as uvicorn does."""
        self._stop_everything.set()
        super().handle_exit(sig, frame)


def serve_pages(claimed: socket.socket, stop: threading.Event) -> bool:
    """Serve until a signal comes; sets `stop` when it does. Runs in the main thread. False if it never started."""
    config = uvicorn.Config(
        "goodword.asgi:application",
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=SECONDS_FOR_OPEN_REQUESTS,
    )
    server = DeskServer(config, stop)
    server.run(sockets=[claimed])
    stop.set()
    return server.started
