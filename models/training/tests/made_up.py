"""Small tables that look like exported ones, with something to learn in them."""

from __future__ import annotations

import numpy as np

from ..config import Config, NetSettings, Series
from ..dataset import Table, utc_ms

HOUR = 3_600_000
BEGIN = utc_ms("2024-01-01")
NET = NetSettings(epochs=1, batch=32, learning_rate=1e-3, weight_decay=0, dropout=0.1, stride=5)


def settings() -> Config:
    return Config(
        set_id="made-up",
        timeframe="1h",
        bar_ms=HOUR,
        series=(Series("a.csv", "A/USDT"), Series("b.csv", "B/USDT")),
        fold_starts=("2024-01-20", "2024-02-01", "2024-02-10"),
        test_end="2024-02-20",
        valid_until="2026-01-01",
        seeds=(1, 2),
        tree_stride=1,
        recency_half_life_days=365,
        xgboost=({"max_depth": 3, "rounds": 5},),
        lightgbm=({"num_leaves": 5, "rounds": 5},),
        lstm=(NET,),
        transformer=(NET,),
        sequence_length=8,
    )


def table(seed: int = 0, rows: int = 1200, features: int = 6) -> Table:
    random = np.random.default_rng(seed)
    x = random.normal(size=(rows, features)).astype(np.float32)
    label = np.where(x[:, 0] > 0.8, 2, np.where(x[:, 0] < -0.8, 0, 1)).astype(np.int8)
    label[-24:] = -1
    time = BEGIN + np.arange(rows) * HOUR
    return Table(
        series=Series(f"{seed}.csv", f"{'AB'[seed % 2]}/USDT"),
        report={"featureSetHash": "0" * 64},
        names=[f"f{i}" for i in range(features)],
        time=time,
        features=x,
        label=label,
        horizon_return=random.normal(size=rows) * 0.01,
        exit_return=random.normal(size=rows) * 0.01,
        label_end=np.where(label >= 0, time + random.integers(1, 25, rows) * HOUR, -1),
        sigma=np.full(rows, 0.005),
    )
