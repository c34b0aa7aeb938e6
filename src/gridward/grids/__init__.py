"""Where: schemes, levels, areas, boundaries, divisions in time."""
