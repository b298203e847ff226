"""Door: typed JSON for programs."""
