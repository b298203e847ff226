"""TCP ports: taken before anything else is started, so that a clash is one sentence and not a half-started desk."""

import errno
import socket

from goodword.lib.configuration import ConfigurationError


def claim_port(host: str, port: int, *, variable: str) -> socket.socket:
    """A socket bound to host:port, not listening yet. Raises ConfigurationError naming `variable` if it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    claimed = socket.socket(family, socket.SOCK_STREAM)
    claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        claimed.bind((host, port))
    except OSError as error:
        claimed.close()
        raise ConfigurationError(_why_not(error, host, port, variable)) from None
    return claimed


def require_port(host: str, port: int, *, variable: str) -> None:
    """Make sure that host:port is free now. Raises ConfigurationError naming `variable` if it is not."""
    claim_port(host, port, variable=variable).close()


def _why_not(error: OSError, host: str, port: int, variable: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} on {host} is taken by another program. "
            f"Stop that program, or set {variable} to a free port, like {variable}={port + 1}."
        )
    if error.errno == errno.EACCES:
        return f"this user may not open port {port}. Set {variable} to a port above 1023."
    return f"cannot listen on {host} port {port} ({error.strerror}). Set {variable} to another port."
