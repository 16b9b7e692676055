"""What `saksgang check` looks at. Each check yields sentences: what is wrong, and what to do about it."""
