"""How likely the best of several trials is only the luckiest (Bailey, Borwein, López de Prado and Zhu, 2017)."""

from __future__ import annotations

from itertools import combinations

import numpy as np

BLOCKS = 10
ROUND_TRIP_COST = 0.0024
DAY_MS = 86_400_000


def daily_returns(probabilities, exit_return, sigma, time) -> np.ndarray:
    """Mean net log return a day of taking each side whose expected move pays its cost, float64 [days]."""
    distance = np.maximum(1.5 * sigma * np.sqrt(24), 3 * ROUND_TRIP_COST)
    edge = (probabilities[:, 2] - probabilities[:, 0]) * distance
    taken = np.where(edge > ROUND_TRIP_COST, exit_return - ROUND_TRIP_COST, 0.0)
    day = (time - time.min()) // DAY_MS
    counts = np.maximum(np.bincount(day), 1)
    return np.bincount(day, weights=taken) / counts


def probability(trials: np.ndarray) -> float | None:
    """Share of the splits in which the in-sample winner ends below the median out of sample. trials: [days, n]."""
    if trials.shape[1] < 2 or len(trials) < 10 * BLOCKS:
        return None
    blocks = np.array_split(trials, BLOCKS)
    lost = []
    for chosen in combinations(range(BLOCKS), BLOCKS // 2):
        inside = np.concatenate([blocks[i] for i in chosen])
        outside = np.concatenate([blocks[i] for i in range(BLOCKS) if i not in chosen])
        winner = int(np.argmax(_sharpe(inside)))
        rank = (_sharpe(outside) <= _sharpe(outside)[winner]).mean()
        lost.append(rank <= 0.5)
    return float(np.mean(lost))


def _sharpe(returns: np.ndarray) -> np.ndarray:
    return returns.mean(axis=0) / np.maximum(returns.std(axis=0), 1e-12)
