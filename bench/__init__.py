"""Measurements; `python -m bench.engine` runs them. Nothing here is installed with Goodword."""
