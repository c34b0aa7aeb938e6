"""What kind of thing: programmes as data, checked, versioned, installed."""
