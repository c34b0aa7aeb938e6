"""Settings, URLs, wiring, command line: knows all rooms, decides nothing."""
