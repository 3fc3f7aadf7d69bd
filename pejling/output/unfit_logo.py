"""What is raised where a file cannot be the kommune's logo."""


class UnfitLogo(ValueError):
    """A logo that cannot be used; the message says why, and what to do."""
