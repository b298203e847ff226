"""Door: commands and workers; how the desk is started, fed and kept healthy."""
