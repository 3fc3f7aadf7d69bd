"""`python -m pejling` is `pejling`."""

from pejling.cli import main

main()
