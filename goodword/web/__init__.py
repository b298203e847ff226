"""Door: the pages that staff work in."""
