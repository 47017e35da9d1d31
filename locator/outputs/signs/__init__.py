"""Signs for doors and parks, exact in millimetres."""
