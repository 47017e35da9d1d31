"""The rules that a ledger must pass, and what is said of those it does not."""
