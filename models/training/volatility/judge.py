"""How good a forecast of variance was. The program computes the same (`core/inference/volatility/judgement.ts`)."""

from __future__ import annotations

import numpy as np

DAY_MS = 86_400_000
# Neighbouring days share their horizon and their mood: blocks are longer than both.
BLOCK_DAYS = (7, 28)


def qlike(y: np.ndarray, log_forecast: np.ndarray) -> np.ndarray:
    """RV / forecast - ln(RV / forecast) - 1 of each sample: 0 where it was right (Patton, 2011)."""
    error = y - log_forecast
    return np.exp(error) - error - 1


def block_interval(value: np.ndarray, time: np.ndarray, block_days: int) -> tuple[float, float, float]:
    """Mean and 95 % interval, all symbols' samples of so many days being one observation."""
    block = time // (DAY_MS * block_days)
    _, index = np.unique(block, return_inverse=True)
    sums, counts = np.bincount(index, value), np.bincount(index)
    mean = sums.sum() / counts.sum()
    n = len(sums)
    if n < 3:
        return mean, float("-inf"), float("inf")
    error = np.sqrt(n / (n - 1) * np.sum((sums - mean * counts) ** 2)) / counts.sum()
    return float(mean), float(mean - 1.96 * error), float(mean + 1.96 * error)


def scale(y: np.ndarray, log_forecast: np.ndarray, weight: np.ndarray) -> float:
    """What is added to a forecast of the logarithm to foretell the variance itself: ln of the mean ratio, which is
    what QLIKE asks for (Duan, 1983). A ratio beyond e^6 counts as that."""
    return float(np.log(np.average(np.exp(np.clip(y - log_forecast, -6, 6)), weights=weight)))
