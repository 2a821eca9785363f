"""Temperatures and pool weights, fitted on out-of-fold predictions."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize, minimize_scalar


def softmax(logits: np.ndarray) -> np.ndarray:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def log_loss(probabilities: np.ndarray, label: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Mean negative log-likelihood, nats."""
    own = np.clip(probabilities[np.arange(len(label)), label], 1e-12, 1)
    return float(np.average(-np.log(own), weights=weight))


def temperature(logits: np.ndarray, label: np.ndarray) -> float:
    """The T with the smallest log-loss of softmax(logits / T) (Guo et al., 2017)."""
    found = minimize_scalar(
        lambda log_t: log_loss(softmax(logits / np.exp(log_t)), label), bounds=(-1.5, 2.5), method="bounded"
    )
    return float(np.exp(found.x))


def pool(probabilities: dict[str, np.ndarray], label: np.ndarray) -> tuple[dict[str, float], float]:
    """Weights (0 or more, summing to 1) and temperature of the log-opinion pool with the smallest log-loss.

    The pooled probabilities are softmax(sum of w_i log p_i / temperature).
    """
    names = sorted(probabilities)
    logs = np.stack([np.log(np.clip(probabilities[name], 1e-12, 1)) for name in names])

    def loss(raw: np.ndarray) -> float:
        return log_loss(softmax(np.tensordot(raw, logs, axes=1)), label)

    start = np.full(len(names), 1 / len(names))
    found = minimize(loss, start, bounds=[(0, 3)] * len(names), method="L-BFGS-B")
    total = float(found.x.sum())
    if total <= 1e-6:
        return dict(zip(names, start.tolist(), strict=True)), 1.0
    weights = {name: float(value) / total for name, value in zip(names, found.x, strict=True)}
    return weights, 1 / total


def pooled(probabilities: dict[str, np.ndarray], weights: dict[str, float], tempered: float) -> np.ndarray:
    total = sum(weights[name] * np.log(np.clip(p, 1e-12, 1)) for name, p in probabilities.items())
    return softmax(total / tempered)
