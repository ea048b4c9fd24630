"""View records become bytes: pages, feeds, text and exports; pure but for its own templates, read once."""
