"""Fills the solution document with figures, each taken from where it was measured, set or priced."""
