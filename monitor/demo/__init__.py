"""The demonstration: an invented vendor on loopback whose policy goes through a week that a real one once had."""
