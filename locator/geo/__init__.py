"""Where a point is: coordinate reference systems and the Chinese datums."""
