"""Everything that is fitted on the samples before a moment, and what it says of others."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..nets import Scaling
from . import judge, linear, nets, trees
from .data import HORIZONS, HOUR_MS, Samples
from .settings import KINDS, Settings

BASELINES = ("ewma20", "har", "formula", "ridge")
# A coin with fewer samples than a year has the regression of all coins.
OWN_HAR_SAMPLES = 1000
NETS = ("lstm", "transformer")


@dataclasses.dataclass
class Fitted:
    """`linear[id][horizon]` maps a symbol, or "" for any, to a regression and what is added for the variance itself."""

    columns: dict[str, int]
    linear: dict[str, list[dict[str, tuple[linear.Linear, float]]]]
    ridges: list[linear.Linear]
    scaling: Scaling
    boosters: dict[str, list]
    weights: dict[str, dict]
    scales: dict[str, list[float]]
    samples: int

    def say(self, kind: str, samples: Samples, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The logarithm of the variance of one bar, [n, 2], and what is added to foretell the variance, [n, 2]."""
        x = samples.x[at]
        if kind in BASELINES:
            mu, added = np.empty((len(at), 2)), np.empty((len(at), 2))
            for horizon, fits in enumerate(self.linear[kind]):
                for symbol in set(samples.symbol[at]):
                    mine = samples.symbol[at] == symbol
                    one, scale = fits.get(symbol, fits[""])
                    mu[mine, horizon], added[mine, horizon] = one(self.columns, x[mine]), scale
            return mu, added
        mu = np.stack([ridge(self.columns, x) for ridge in self.ridges], axis=1)
        if kind in NETS:
            windows = self.scaling.apply(samples.x[samples.window[at]])
            mu += nets.predict(kind, self.weights[kind], windows)
        else:
            mu += np.stack([trees.PREDICT[kind](booster, x) for booster in self.boosters[kind]], axis=1)
        return mu, np.broadcast_to(self.scales[kind], mu.shape)


def before(samples: Samples, end: int, horizon: int) -> np.ndarray:
    """Samples whose whole horizon was over at that moment, with a window for the nets."""
    known = samples.close_time + HORIZONS[horizon] * HOUR_MS <= end
    return np.flatnonzero(known & np.isfinite(samples.y[:, horizon]) & (samples.window[:, 0] >= 0))


def fit(samples: Samples, names: list[str], end: int, settings: Settings, note) -> Fitted:
    columns = {name: i for i, name in enumerate(names)}
    taught = [before(samples, end, horizon) for horizon in range(len(HORIZONS))]
    weights = [_weight(samples, at, end, settings) for at in taught]
    fits, ridges = {kind: [] for kind in BASELINES}, []
    for horizon, (at, weight) in enumerate(zip(taught, weights, strict=True)):
        x, y = samples.x[at], samples.y[at, horizon]

        def scaled(one, chosen=slice(None)):
            return one, judge.scale(y[chosen], one(columns, x[chosen]), weight[chosen])

        flat = np.ones(len(at))
        fits["ewma20"].append({"": (linear.ewma(), 0.0)})
        har = {"": scaled(linear.fit(linear.HAR, columns, x, y, flat))}
        for symbol in sorted(set(samples.symbol[at])):
            mine = samples.symbol[at] == symbol
            if mine.sum() >= OWN_HAR_SAMPLES:
                har[symbol] = scaled(linear.fit(linear.HAR, columns, x[mine], y[mine], flat[mine]), mine)
        fits["har"].append(har)
        fits["formula"].append({"": scaled(linear.fit(linear.FORMULA, columns, x, y, flat))})
        ridge = linear.fit(names, columns, x, y, weight, linear.RIDGE_PENALTY, ridges[0] if ridges else None)
        fits["ridge"].append({"": scaled(ridge)})
        ridges.append(ridge)

    boosters = {}
    for kind in ("xgboost", "lightgbm"):
        boosters[kind] = []
        for horizon, (at, weight) in enumerate(zip(taught, weights, strict=True)):
            x = _blank(samples.x[at], columns)
            residual = samples.y[at, horizon] - ridges[horizon](columns, samples.x[at])
            boosters[kind].append(trees.FIT[kind](x, residual, weight, settings.models[kind], settings.seed))
        note(kind)
    # The nets foretell both horizons at once: of samples that know both.
    at, weight = taught[1], weights[1]
    scaling = Scaling.of(samples.x[at])
    windows = scaling.apply(samples.x[samples.window[at]])
    residual = np.stack(
        [samples.y[at, h] - ridges[h](columns, samples.x[at]) for h in range(len(HORIZONS))], axis=1
    )
    learned = {}
    for kind in NETS:
        learned[kind] = nets.fit(kind, windows, residual, weight, settings.models[kind], settings.seed)
        note(kind)
    made = Fitted(columns, fits, ridges, scaling, boosters, learned, dict.fromkeys(KINDS, [0.0, 0.0]), len(at))
    for kind in KINDS:
        mu = made.say(kind, samples, at)[0]
        made.scales[kind] = [judge.scale(samples.y[at, h], mu[:, h], weight) for h in range(len(HORIZONS))]
    return made


def _weight(samples: Samples, at: np.ndarray, end: int, settings: Settings) -> np.ndarray:
    """Recent samples count for more; a coin's spot and perpetual count as one coin together."""
    age_days = (end - samples.close_time[at]) / judge.DAY_MS
    coin = np.array([symbol.split("/")[0] for symbol in samples.symbol[at]])
    pairs = np.char.add(coin.astype(str), samples.close_time[at].astype(str))
    _, index, counts = np.unique(pairs, return_inverse=True, return_counts=True)
    weight = 0.5 ** (age_days / settings.recency_half_life_days) / counts[index]
    return weight / weight.mean()


def _blank(x: np.ndarray, columns: dict[str, int]) -> np.ndarray:
    """Some rows lack bitcoin's values, as they may when serving."""
    out = x.copy()
    rows = np.random.default_rng(0).random(len(x)) < 0.05
    out[np.ix_(rows, [i for name, i in columns.items() if name.startswith("btc_")])] = np.nan
    return out
