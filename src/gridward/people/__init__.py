"""Who: persons, units, posts, postings, permissions, inbox."""
