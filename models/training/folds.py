"""Purged walk-forward: the past teaches, the future examines, and what lies across the border is left out."""

from __future__ import annotations

import dataclasses

import numpy as np

from .config import Config
from .dataset import HORIZON_BARS, Samples, utc_ms


@dataclasses.dataclass(frozen=True)
class Fold:
    train: np.ndarray  # indices into the samples
    test: np.ndarray


def walk_forward(samples: Samples, config: Config) -> list[Fold]:
    """One fold between each two fold starts, common to all symbols; expanding training window."""
    starts = [utc_ms(date) for date in config.fold_starts]
    return [
        Fold(train=before(samples, begin, config.bar_ms), test=within(samples, begin, end))
        for begin, end in zip(starts[:-1], starts[1:], strict=True)
    ]


def before(samples: Samples, moment: int, bar_ms: int) -> np.ndarray:
    """Samples whose label was known an embargo of one horizon before a moment."""
    return np.flatnonzero(samples.end <= moment - HORIZON_BARS * bar_ms)


def within(samples: Samples, begin: int, end: int) -> np.ndarray:
    """Samples of a period whose label, too, was known in it."""
    return np.flatnonzero((samples.time >= begin) & (samples.end <= end))
