"""Answers across rooms; changes nothing and has no tables."""
