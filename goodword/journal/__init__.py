"""What happened: append-only events, without foreign keys, without a customer's words or addresses."""
