"""The settings of a training run, read from TOML. Unknown keys are errors."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Series:
    """One candle file: what it is of, and bitcoin's candles beside it."""

    file: str
    symbol: str
    context: str | None = None


@dataclasses.dataclass(frozen=True)
class NetSettings:
    epochs: int
    batch: int
    learning_rate: float
    weight_decay: float
    dropout: float
    """Every how many bars a window is taken: neighbours are nearly the same sample."""
    stride: int


@dataclasses.dataclass(frozen=True)
class Config:
    set_id: str
    timeframe: str
    bar_ms: int
    series: tuple[Series, ...]
    """First moment of each walk-forward fold; the last is where the test begins."""
    fold_starts: tuple[str, ...]
    test_end: str
    valid_until: str
    seeds: tuple[int, ...]
    tree_stride: int
    recency_half_life_days: float
    xgboost: tuple[dict, ...]
    lightgbm: tuple[dict, ...]
    lstm: tuple[NetSettings, ...]
    transformer: tuple[NetSettings, ...]
    sequence_length: int = 64


def load(path: Path) -> Config:
    """Reads a configuration file. Raises ValueError naming the key that is wrong."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    _refuse_unknown(Config, raw, "the configuration")
    raw["series"] = tuple(_make(Series, one, "series") for one in raw.get("series", []))
    for name in ("lstm", "transformer"):
        raw[name] = tuple(_make(NetSettings, one, name) for one in raw.get(name, []))
    for name in ("xgboost", "lightgbm", "fold_starts", "seeds"):
        raw[name] = tuple(raw.get(name, ()))
    config = _make(Config, raw, "the configuration")
    if len(config.fold_starts) < 2:
        raise ValueError("fold_starts: give two dates or more, the last of them the start of the test")
    if not config.series:
        raise ValueError("series: name at least one candle file")
    return config


def _make(kind, values: dict, where: str):
    _refuse_unknown(kind, values, where)
    try:
        return kind(**values)
    except TypeError as error:
        raise ValueError(f"{where}: {error}") from error


def _refuse_unknown(kind, values: dict, where: str) -> None:
    known = {field.name for field in dataclasses.fields(kind)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise ValueError(f"{where}: unknown key {unknown[0]}, remove it or check its spelling")
