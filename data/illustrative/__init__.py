"""The illustrative counties: two invented towns with real township names, made from a seed."""
