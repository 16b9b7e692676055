"""Word out: JSON posted to an address of the hospital's own."""
