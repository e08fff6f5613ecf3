"""What is said. Pure: no clock, dice, network, database or log."""
