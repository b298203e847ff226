"""History from other desks: conversations read from a file, filed as they were, and written out again."""
