"""`python -m simulator`."""

from simulator.run import main

main()
