"""The forecasts that four models have to beat, and the ridge they start from: sums over standardised features, kept in
the manifest as such, so that the program computes them without a runtime."""

from __future__ import annotations

import dataclasses

import numpy as np

HAR = ["var_24", "var_168", "var_720"]
DAYS = [f"ahead_{day}" for day in ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")]
FORMULA = [*HAR, *DAYS, "park_var_6", "park_var_24"]
RIDGE_PENALTY = 100.0


@dataclasses.dataclass(frozen=True)
class Linear:
    """intercept + sum of coefficient x (x - mean) / std; a missing value counts as the mean."""

    names: list[str]
    mean: np.ndarray
    std: np.ndarray
    intercept: float
    coefficients: np.ndarray

    def __call__(self, columns: dict[str, int], x: np.ndarray) -> np.ndarray:
        z = (x[:, [columns[name] for name in self.names]].astype(np.float64) - self.mean) / self.std
        return self.intercept + np.where(np.isnan(z), 0, z) @ self.coefficients


def ewma() -> Linear:
    return Linear(["var_ewma_20"], np.zeros(1), np.ones(1), 0.0, np.ones(1))


def fit(
    names: list[str], columns: dict[str, int], x, y, weight, penalty: float = 0.0, scaled_as: Linear | None = None
) -> Linear:
    """Weighted least squares, with a penalty on the squares of the coefficients. `scaled_as`: a regression whose means
    and deviations are taken, so that both stand in one graph."""
    part = x[:, [columns[name] for name in names]].astype(np.float64)
    mean, std = np.nanmean(part, axis=0), np.nanstd(part, axis=0)
    std = np.where(std > 1e-9, std, 1)
    if scaled_as is not None:
        mean, std = scaled_as.mean, scaled_as.std
    z = np.where(np.isnan(part), mean, part)
    design = np.column_stack([np.ones(len(z)), (z - mean) / std])
    gram = (design * weight[:, None]).T @ design
    gram[np.arange(1, len(gram)), np.arange(1, len(gram))] += penalty
    solution = np.linalg.solve(gram, (design * weight[:, None]).T @ y)
    return Linear(list(names), mean, std, float(solution[0]), solution[1:])
