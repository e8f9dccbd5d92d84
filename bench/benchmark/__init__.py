"""Measures Saved String side by side with its peers."""
