"""What a station is, when it is open, and how a ledger becomes stations."""
