"""What can never break, for the mechanisms: one theme a file."""
