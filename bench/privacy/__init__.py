"""What docs/privacy.md promises, measured: docs/privacy_figures.md has the figures.

Each module measures one promise and takes a size, so that the tests run it small. What
it finds is told as it is, a promise that does not hold included.
"""
