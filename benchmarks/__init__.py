"""What this project claims to be fast at, measured side by side with its peers."""
