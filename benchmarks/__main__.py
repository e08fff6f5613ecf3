"""`make bench`."""

from benchmarks.bench import prove
from benchmarks.proof import main

main(prove)
