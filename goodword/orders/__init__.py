"""What a conversation is about: products, purchases, deliveries."""
