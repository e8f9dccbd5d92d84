"""Rolls Saved String out to AWS: images, deployments and going back, API keys, and looking at what runs."""
