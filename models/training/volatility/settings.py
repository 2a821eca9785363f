"""The settings of a run, read from TOML. Unknown keys are errors."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

from ..config import Series

KINDS = ("xgboost", "lightgbm", "lstm", "transformer")


@dataclasses.dataclass(frozen=True)
class SetSettings:
    set_id: str
    """Moment from which nothing was learned, labels included."""
    trained_until: str
    valid_until: str


@dataclasses.dataclass(frozen=True)
class Settings:
    timeframe: str
    """First day of each half-year of the walk-forward, and the end of the data."""
    fold_starts: tuple[str, ...]
    seed: int
    recency_half_life_days: float
    sets: tuple[SetSettings, ...]
    models: dict[str, dict]
    series: tuple[Series, ...]


def load(path: Path) -> Settings:
    """Raises ValueError naming the key that is wrong."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        raw["fold_starts"] = tuple(raw.get("fold_starts", ()))
        raw["sets"] = tuple(SetSettings(**one) for one in raw.get("sets", []))
        raw["series"] = tuple(Series(**one) for one in raw.get("series", []))
        settings = Settings(**raw)
    except TypeError as error:
        raise ValueError(f"{path.name}: {error}") from error
    if set(settings.models) != set(KINDS):
        raise ValueError(f"{path.name}: models: name exactly {', '.join(KINDS)}")
    if len(settings.fold_starts) < 4 or not settings.sets or not settings.series:
        raise ValueError(f"{path.name}: give four fold_starts or more, and at least one of sets and of series")
    unknown = [one.set_id for one in settings.sets if one.trained_until not in settings.fold_starts[1:]]
    if unknown:
        raise ValueError(f"{path.name}: {unknown[0]}: trained_until must be one of fold_starts")
    return settings
