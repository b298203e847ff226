"""Small things every room needs and no library gives: errors, the clock, blobs, the embedded database."""
