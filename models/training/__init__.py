"""From candles to a model set: `python -m training.run --config training/hourly.toml --data DIR`."""
