"""``python -m locator.cli``."""

from locator.cli import main

main()
