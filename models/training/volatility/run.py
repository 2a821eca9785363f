"""One command from candles to the volatility sets: export, walk-forward, pool, fit, convert, describe.

    python -m training.volatility.run --config training/volatility.toml --data DIR [--out DIR]
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import sys
import time
from pathlib import Path

import numpy as np

from ..dataset import sha256, utc_ms
from . import cards, data, fitted, judge, manifest, pool, trials
from . import settings as settings_file
from .data import HORIZONS
from .settings import KINDS

TRAINING = Path(__file__).resolve().parent.parent
ALL = (*fitted.BASELINES, *KINDS, "pool")


def main() -> int:
    parser = argparse.ArgumentParser(prog="training.volatility.run", description=__doc__.split("\n")[0])
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of the candle files")
    parser.add_argument("--out", type=Path, default=TRAINING.parent / "volatility", help="where the sets go")
    parser.add_argument("--cache", type=Path, default=TRAINING / ".cache")
    parser.add_argument("--log", type=Path, default=TRAINING / "volatility" / "trials.csv")
    options = parser.parse_args()
    try:
        run(settings_file.load(options.config), options)
    except (OSError, ValueError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def run(settings: settings_file.Settings, options) -> None:
    names, reports, frames = data.export(settings.series, options.data, options.cache)
    samples = data.samples(settings.series, names, frames)
    _say(f"{len(samples)} samples of {len(settings.series)} series, {len(names)} features")
    keep = _Kept(options.cache, settings, samples)
    walked = walk_forward(samples, names, settings, keep)
    count = trials.append(options.log, _trials(walked, samples, settings))
    for one in settings.sets:
        end = utc_ms(one.trained_until)
        made = keep(f"fit-{one.trained_until}", lambda end=end: fitted.fit(samples, names, end, settings, _say))
        proof = _within(walked, samples, 0, end)
        known = manifest.Known(
            settings=settings,
            chosen=one,
            names=names,
            reports=reports,
            hashes=[sha256(options.data / series.file) for series in settings.series],
            samples=samples,
            made=made,
            trials=count,
            walk_forward=[figures(walked, samples, proof[h], h) for h in range(len(HORIZONS))],
            shares=[_shares(walked, samples, proof[h], h) for h in range(len(HORIZONS))],
            quantiles=[],
            pool_scales=[],
            coins=[],
        )
        _finish(known, walked, samples, proof, end)
        manifest.write(known, options.out / one.set_id)
        cards.write(options.out / one.set_id)
        _say(f"{one.set_id}: {known.shares}")


class _Kept:
    """What took long, kept so that a run that broke off goes on where it was."""

    def __init__(self, folder: Path, settings, samples):
        here = Path(__file__).parent
        code = "".join((here / f).read_text(encoding="utf-8") for f in ("fitted.py", "linear.py", "trees.py", "nets.py"))
        asked = f"{settings.models} {settings.seed} {settings.recency_half_life_days} {len(samples)} {samples.y[-1]}"
        self.folder, self.key = folder, hashlib.sha256(f"{code} {asked}".encode()).hexdigest()[:12]

    def __call__(self, name: str, make):
        path = self.folder / f"volatility-{name}-{self.key}.pickle"
        if path.exists():
            return pickle.loads(path.read_bytes())
        made = make()
        path.write_bytes(pickle.dumps(made))
        return made


def walk_forward(samples, names, settings, keep) -> dict:
    """What each said of every half-year it had not seen: `at` [n], `mu` and `forecast` by id, [n, 2]."""
    parts = []
    for begin, end in zip(settings.fold_starts[:-1], settings.fold_starts[1:], strict=True):
        begun = time.monotonic()
        made = keep(f"fit-{begin}", lambda b=begin: fitted.fit(samples, names, utc_ms(b), settings, _say))
        inside = (samples.close_time >= utc_ms(begin)) & (samples.close_time < utc_ms(end))
        at = np.flatnonzero(inside & np.isfinite(samples.y[:, 0]) & (samples.window[:, 0] >= 0))
        said = {kind: made.say(kind, samples, at) for kind in (*fitted.BASELINES, *KINDS)}
        parts.append({"at": at, **{kind: (mu, mu + added) for kind, (mu, added) in said.items()}})
        _pool_of(parts, samples)
        _say(f"{begin}: {len(at)} samples, {time.monotonic() - begun:.0f} s")
    walked = {"at": np.concatenate([part["at"] for part in parts])}
    for kind in ALL:
        walked[kind] = tuple(np.concatenate([part[kind][i] for part in parts]) for i in (0, 1))
    return walked


def _pool_of(parts: list[dict], samples) -> None:
    """The last part's pool, by weights that the parts before it have earned."""
    mu, forecast = [], []
    for horizon in range(len(HORIZONS)):
        shares = {kind: float(kind == "ridge") for kind in pool.MEMBERS}
        if len(parts) > 1:
            earlier = {
                kind: tuple(np.concatenate([part[kind][i] for part in parts[:-1]]) for i in (0, 1))
                for kind in pool.MEMBERS
            }
            earlier["at"] = np.concatenate([part["at"] for part in parts[:-1]])
            # Only what had matured when the part began.
            begun = samples.close_time[parts[-1]["at"]].min()
            mature = np.flatnonzero(
                (samples.close_time[earlier["at"]] + HORIZONS[horizon] * data.HOUR_MS <= begun)
                & np.isfinite(samples.y[earlier["at"], horizon])
            )
            shares = _shares(earlier, samples, mature, horizon)
        mu.append(pool.pooled({kind: parts[-1][kind][0][:, horizon] for kind in pool.MEMBERS}, shares))
        forecast.append(pool.pooled({kind: parts[-1][kind][1][:, horizon] for kind in pool.MEMBERS}, shares))
    parts[-1]["pool"] = (np.stack(mu, axis=1), np.stack(forecast, axis=1))


def _within(walked, samples, begin: int, end: int) -> list[np.ndarray]:
    """Positions in the walk-forward, by horizon, whose horizon was over by `end`."""
    at = walked["at"]
    return [
        np.flatnonzero(
            (samples.close_time[at] >= begin)
            & (samples.close_time[at] + bars * data.HOUR_MS <= end)
            & np.isfinite(samples.y[at, horizon])
        )
        for horizon, bars in enumerate(HORIZONS)
    ]


def _shares(walked, samples, chosen, horizon: int) -> dict[str, float]:
    at = walked["at"][chosen]
    said = {kind: walked[kind][1][chosen, horizon] for kind in pool.MEMBERS}
    return pool.weights(said, samples.y[at, horizon], samples.close_time[at], judge.BLOCK_DAYS[horizon])


def figures(walked, samples, chosen, horizon: int) -> list[dict]:
    """QLIKE, log-RMSE and the gains over formula and ridge with their intervals, of everybody."""
    at = walked["at"][chosen]
    y, moment, days = samples.y[at, horizon], samples.close_time[at], judge.BLOCK_DAYS[horizon]
    loss = {kind: judge.qlike(y, walked[kind][1][chosen, horizon]) for kind in ALL}
    result = []
    for kind in ALL:
        error = y - walked[kind][0][chosen, horizon]
        over = {
            name: dict(zip(("value", "low", "high"), judge.block_interval(loss[base] - loss[kind], moment, days)))
            for name, base in (("overFormula", "formula"), ("overRidge", "ridge"))
        }
        result.append(
            {
                "id": kind,
                "samples": len(at),
                "qlike": float(loss[kind].mean()),
                "logRmse": float(np.sqrt(np.mean(error**2))),
                **over,
            }
        )
    return result


def _finish(known, walked, samples, proof, end: int) -> None:
    """The final pool's scale, bands and coins, from what was foretold out of sample and had come true."""
    for horizon in range(len(HORIZONS)):
        at = walked["at"][proof[horizon]]
        said = {kind: walked[kind][1][proof[horizon], horizon] for kind in pool.MEMBERS}
        forecast = pool.pooled(said, known.shares[horizon])
        y, recent = samples.y[at, horizon], samples.close_time[at] >= end - 2 * pool.YEAR_MS
        known.pool_scales.append(judge.scale(y, forecast, recent.astype(float)))
        forecast = forecast + known.pool_scales[-1]
        known.quantiles.append(pool.bands(samples.returns[at, horizon][recent], forecast[recent], horizon))
        if horizon > 0:
            continue
        last = samples.close_time[at] >= end - pool.YEAR_MS
        har = walked["har"][1][proof[horizon], horizon]
        for symbol in sorted(set(samples.symbol[at][last])):
            mine = last & (samples.symbol[at] == symbol)
            pair = [float(judge.qlike(y[mine], one[mine]).mean()) for one in (forecast, har)]
            known.coins.append({"symbol": symbol, "poolQlike": pair[0], "harQlike": pair[1]})


def _trials(walked, samples, settings) -> list[dict]:
    rows = []
    for horizon, bars in enumerate(HORIZONS):
        chosen = _within(walked, samples, 0, utc_ms(settings.fold_starts[-1]))[horizon]
        found = {one["id"]: one for one in figures(walked, samples, chosen, horizon)}
        for kind in ALL:
            rows.append(
                {
                    "kind": kind,
                    "horizon_bars": bars,
                    "parameters": settings.models.get(kind, {}),
                    "folds": len(settings.fold_starts) - 1,
                    "samples": found[kind]["samples"],
                    "qlike": found[kind]["qlike"],
                    "formula_qlike": found["formula"]["qlike"],
                }
            )
            _say(f"{bars:>4} {kind:12} {found[kind]}")
    return rows


def _say(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
