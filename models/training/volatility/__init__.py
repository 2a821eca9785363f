"""Trains the models that foretell volatility: see ../README.md."""
