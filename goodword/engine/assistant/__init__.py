"""Machines under the same book: what an AI assistant may ask of it, by the Model Context Protocol (extra `[mcp]`).

`tools` is what it may ask, without the protocol; `server` speaks the protocol.
"""
