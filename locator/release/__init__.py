"""The folder that never changes: built, published, rolled back."""
