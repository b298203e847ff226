"""What the templates of this door may use."""
