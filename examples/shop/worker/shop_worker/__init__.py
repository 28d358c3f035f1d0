"""Takes orders from Redis and writes receipts for them."""
