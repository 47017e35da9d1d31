"""Starting a county from an OSM extract: what is there is taken, what is lacking is said."""
