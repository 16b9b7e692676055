"""What stops a command before it has begun. Needs no settings itself."""


class BadSetting(ValueError):
    """A setting that cannot be used; its one sentence names it and says what to write."""
