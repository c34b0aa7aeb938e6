"""Pure things that are true even without government: time, place, codes, money, ids, errors, expressions.

Nothing here imports Django, reads the clock, the user or the settings.
"""
