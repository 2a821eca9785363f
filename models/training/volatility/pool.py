"""The pool: which members have earned a weight, and which; the bands around it; the coins it is not used for."""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

from . import judge
from .data import HORIZONS
from .settings import KINDS

MEMBERS = ("ridge", *KINDS)
YEAR_MS = 365 * judge.DAY_MS
LEVELS = (0.025, 0.1, 0.9, 0.975)


def weights(said: dict[str, np.ndarray], y: np.ndarray, time: np.ndarray, block_days: int) -> dict[str, float]:
    """Weights that sum to 1. A model that does not beat the ridge with its interval has none.

    `said`: each member's ln of the variance foretold, [n], on samples it had not seen.
    """
    earned = ["ridge"]
    for kind in KINDS:
        gain = judge.qlike(y, said["ridge"]) - judge.qlike(y, said[kind])
        if judge.block_interval(gain, time, block_days)[1] > 0:
            earned.append(kind)
    found = {kind: 0.0 for kind in MEMBERS}
    design = np.stack([said[kind] for kind in earned], axis=1)
    # Least squares on the logarithms; one heavy row asks for a sum of 1.
    heavy = 1e3 * np.sqrt(len(y))
    bias = np.mean(y[:, None] - design, axis=0)
    solution, _ = nnls(np.vstack([design + bias, heavy * np.ones(len(earned))]), np.append(y, heavy))
    for kind, share in zip(earned, solution / solution.sum(), strict=True):
        found[kind] = float(share)
    return found


def pooled(said: dict[str, np.ndarray], shares: dict[str, float]) -> np.ndarray:
    return sum(share * said[kind] for kind, share in shares.items() if share > 0)


def bands(returns: np.ndarray, log_variance: np.ndarray, horizon: int) -> list[float]:
    """Quantiles of the return in units of the volatility foretold for it."""
    sigma = np.exp((log_variance + np.log(HORIZONS[horizon])) / 2)
    return [float(q) for q in np.quantile(returns / sigma, LEVELS)]
