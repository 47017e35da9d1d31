"""The web server: pages, release files and the API."""
