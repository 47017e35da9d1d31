"""From an OpenStreetMap file to minutes on an e-bike."""
