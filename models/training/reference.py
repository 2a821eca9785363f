"""What the program needs to tell whether today's rows look like the training rows, and the parity fixture."""

from __future__ import annotations

import base64

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from .dataset import Table
from .nets import Scaling

COMPONENTS, PROTOTYPES = 16, 2000
WINDOW_BARS, WINDOWS_PER_TABLE, PSI_MOVED = 500, 100, 0.25
# One live row in five hundred like the training data's own would be called an outlier.
THRESHOLD_QUANTILE = 0.998


def statistics(names: list[str], x: np.ndarray, scaling: Scaling) -> list[dict]:
    """Per feature: percentiles, moments, NaN rate and ten bins of equal counts."""
    result = []
    for column, name in enumerate(names):
        values = x[:, column]
        finite = values[np.isfinite(values)].astype(np.float64)
        edges = np.unique(np.quantile(finite, np.linspace(0.1, 0.9, 9)))
        counts = np.bincount(np.searchsorted(edges, finite, side="right"), minlength=len(edges) + 1)
        p1, p50, p99 = (float(q) for q in np.quantile(finite, [0.01, 0.5, 0.99]))
        result.append(
            {
                "name": name,
                "p1": p1,
                "p50": p50,
                "p99": p99,
                "mean": float(scaling.mean[column]),
                "std": float(scaling.std[column]),
                "nanRate": float(np.isnan(values).mean()),
                "binEdges": edges.tolist(),
                "binShares": (counts / counts.sum()).tolist(),
            }
        )
    return result


def drift(scaled: np.ndarray, seed: int) -> tuple[dict, float]:
    """`drift.json` and the dissimilarity threshold, from standardised training rows [n, F]."""
    components = PCA(COMPONENTS, svd_solver="full").fit(scaled).components_
    projected = scaled @ components.T
    clusters = MiniBatchKMeans(PROTOTYPES, random_state=seed, n_init=1, batch_size=8192, max_iter=20)
    prototypes = clusters.fit(projected).cluster_centers_.astype(np.float32)
    pairs = np.random.default_rng(seed).integers(0, PROTOTYPES, (20_000, 2))
    mean_distance = float(np.linalg.norm(prototypes[pairs[:, 0]] - prototypes[pairs[:, 1]], axis=1).mean())
    nearest = NearestNeighbors(n_neighbors=1).fit(prototypes).kneighbors(projected)[0][:, 0]
    threshold = float(np.quantile(nearest / mean_distance, THRESHOLD_QUANTILE))
    document = {
        "components": np.round(components, 7).tolist(),
        "prototypes": float32_text(prototypes),
        "prototypeCount": PROTOTYPES,
        "meanDistance": mean_distance,
    }
    return document, threshold


def moved_shares(tables: list[Table], entries: list[dict], end: int) -> tuple[float, float]:
    """Share of features whose stability index counts as moved, which one window in ten and one in a hundred of the
    training data themselves exceed: weeks of a market differ from years of it."""
    random = np.random.default_rng(0)
    shares = []
    for table in tables:
        ready = np.flatnonzero(np.isfinite(table.features[:, 0]) & (table.time < end))
        for first in random.integers(ready[0], ready[-1] - WINDOW_BARS, WINDOWS_PER_TABLE):
            rows = table.features[first : first + WINDOW_BARS]
            moved = [stability_index(rows[:, i], entry) >= PSI_MOVED for i, entry in enumerate(entries)]
            shares.append(np.mean(moved))
    warn, stop = np.quantile(shares, [0.9, 0.99])
    return float(warn), float(stop)


def stability_index(values: np.ndarray, entry: dict) -> float:
    """Population stability index of a feature's values against its training bins."""
    finite = values[np.isfinite(values)]
    trained = np.maximum(entry["binShares"], 1e-4)
    counts = np.bincount(np.searchsorted(entry["binEdges"], finite, side="right"), minlength=len(trained))
    live = np.maximum(counts / max(len(finite), 1), 1e-4)
    return float(np.sum((live - trained) * np.log(live / trained)))


def parity_rows(tables: list[Table], begin: int, length: int, splits: list[tuple[int, float]]):
    """Held-out rows: blocks of consecutive bars, one with NaN in it, then rows that stand exactly on thresholds.

    Returns float32 [R, F] and the first rows of the windows for the nets.
    """
    blocks, starts = [], []
    for number, table in enumerate(tables[:4]):
        first = int(np.searchsorted(table.time, begin)) + 200 * number
        block = table.features[first : first + length + 136].copy()
        if number == 3:
            block[::7, ::5] = np.nan
        offset = sum(len(one) for one in blocks)
        starts += list(range(offset, offset + len(block) - length + 1))
        blocks.append(block)
    template = blocks[0][0]
    on_thresholds = np.repeat(template[None], len(splits), axis=0)
    for row, (feature, threshold) in enumerate(splits):
        on_thresholds[row, feature] = np.float32(threshold)
    return np.concatenate([*blocks, on_thresholds]), starts


def float32_text(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode("ascii")
