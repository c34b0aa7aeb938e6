"""Gridward (网格通): grid-based management. The house plan is in docs/explanation/house.md."""

__version__ = "0.1.0"
