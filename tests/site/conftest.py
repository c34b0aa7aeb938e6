"""The cast with a dictionary of cases."""

from tests.factories.fixtures import open_play, play, ring, standing_play

__all__ = ["open_play", "play", "ring", "standing_play"]
