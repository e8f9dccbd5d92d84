"""What the proofs, the benchmark and the tests in Python share: programs, waiting, HTTP, Valkey, a simulated AWS."""
