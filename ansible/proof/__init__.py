"""Proves the machine image on real parts: booted machines, a Valkey cluster, a load balancer."""
