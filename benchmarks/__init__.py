"""The long proofs and the benchmark: real processes on a scratch database, providers of our own on loopback."""
