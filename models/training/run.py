"""One command from candles to a model set: export, walk-forward, calibrate, fit, convert, describe, evaluate.

    python -m training.run --config training/hourly.toml --data DIR [--out DIR]
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from . import calibration, cards, config, dataset, evaluation, folds, manifest, nets, onnx_nets, onnx_trees
from . import overfitting, reference, trees, trials
from .cache import Cache

HERE = Path(__file__).parent
TREES, NETS = ("xgboost", "lightgbm"), ("lstm", "transformer")
IMPORTANCE_SAMPLES = 2000
PARITY_SPLITS = 60


def main() -> int:
    parser = argparse.ArgumentParser(prog="training.run", description=__doc__.split("\n")[0])
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of the candle files")
    parser.add_argument("--out", type=Path, default=HERE.parent, help="where the set goes")
    parser.add_argument("--cache", type=Path, default=HERE / ".cache")
    options = parser.parse_args()
    try:
        Run(config.load(options.config), options.data, options.out, options.cache).run()
    except (OSError, ValueError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


@dataclasses.dataclass
class OutOfFold:
    """One trial's predictions on what it had not seen: tempered later."""

    kind: str
    parameters: dict
    logits: np.ndarray
    index: np.ndarray  # into the samples


class Run:
    def __init__(self, settings: config.Config, data: Path, out: Path, cache: Path):
        self.settings, self.data, self.out = settings, data, out
        self.tables = dataset.export(settings, data, cache)
        self.names = self.tables[0].names
        for table in self.tables:
            if table.names != self.names:
                raise ValueError(f"{table.series.file}: its features differ from the first file's")
        length = settings.sequence_length
        hashes = [dataset.sha256(data / one.file) for one in settings.series]
        asked = [settings.fold_starts, settings.sequence_length, settings.recency_half_life_days]
        self.cache = Cache(cache, f"{asked} {hashes} {settings.tree_stride} {settings.seeds}")
        self.rows = dataset.samples(self.tables, settings, length, settings.tree_stride)
        strides = {one.stride for kind in NETS for one in getattr(settings, kind)}
        self.windows = {stride: dataset.samples(self.tables, settings, length, stride) for stride in strides}
        self.test_begin = dataset.utc_ms(settings.fold_starts[-1])
        self.context = [i for i, name in enumerate(self.names) if "btc" in name]

    def run(self) -> None:
        x = dataset.rows_of(self.tables, self.rows)
        _say(f"{len(x)} rows of {len(self.tables)} series, {len(self.names)} features")
        tried = [self._walk_trees(x, kind, one) for kind in TREES for one in getattr(self.settings, kind)]
        tried += [self._walk_nets(kind, one) for kind in NETS for one in getattr(self.settings, kind)]
        baseline = self._walk_logistic(x)
        chosen = {kind: min((t for t in tried if t.kind == kind), key=self._loss) for kind in (*TREES, *NETS)}

        # Members are compared and pooled on the moments that all of them predicted.
        shared = self._shared(chosen)
        temperatures = {kind: calibration.temperature(*self._on(chosen[kind])) for kind in chosen}
        probabilities = {
            kind: calibration.softmax(shared[kind] / temperatures[kind]) for kind in chosen
        }
        label = shared["label"]
        weights, tempered = calibration.pool(probabilities, label)
        pooled = calibration.pooled(probabilities, weights, tempered)
        losses = {kind: calibration.log_loss(p, label) for kind, p in probabilities.items()}
        losses["ensemble"] = calibration.log_loss(pooled, label)
        prior = np.bincount(self.rows.label[self._train(self.rows)], minlength=3) / len(self._train(self.rows))
        prior_loss = calibration.log_loss(np.tile(prior, (len(label), 1)), label)
        _say(f"out of fold: {losses}, prior {prior_loss:.6f}, weights {weights}")
        count = trials.record(HERE / "trials.csv", [self._trial(one, prior_loss) for one in [*tried, baseline]])

        made = manifest.Made(
            settings=self.settings,
            tables=self.tables,
            data=self.data,
            prior=prior,
            trials=count,
            probability_of_overfitting=self._overfitting(tried),
            weights=weights,
            pool_temperature=tempered,
            losses=losses,
            splits=self._splits(),
            may_be_missing=[self.names[i] for i in self.context],
        )
        self._final(x, made, chosen, temperatures)
        manifest.write(made, self.out)
        evaluation.add(self.settings, self.data, self.out)
        cards.write(self.out)

    # Walk-forward

    def _walk_trees(self, x: np.ndarray, kind: str, parameters: dict) -> OutOfFold:
        def make():
            logits, index = [], []
            for fold in folds.walk_forward(self.rows, self.settings):
                taught = trees.blank_context(x[fold.train], self.context, 0)
                label, weight = self.rows.label[fold.train], self.rows.weight[fold.train]
                booster = trees.FIT[kind](taught, label, weight, parameters, self.settings.seeds[0])
                logits.append(trees.MARGINS[kind](booster, x[fold.test]))
                index.append(fold.test)
            return np.concatenate(logits), np.concatenate(index)

        begun = time.monotonic()
        logits, index = self.cache.keep(f"walk-{kind}", str(parameters), make)
        _say(f"walk-forward {kind} {parameters}: {time.monotonic() - begun:.0f} s")
        return OutOfFold(kind, parameters, logits, index)

    def _walk_nets(self, kind: str, settings: config.NetSettings) -> OutOfFold:
        samples, length = self.windows[settings.stride], self.settings.sequence_length

        def make():
            logits, index = [], []
            for fold in folds.walk_forward(samples, self.settings):
                taught = samples.take(fold.train)
                windows = nets.Windows(self.tables, nets.Scaling.of(dataset.rows_of(self.tables, taught)), length)
                net = nets.fit(kind, windows, taught, settings, length, self.settings.seeds[0])
                logits.append(nets.predict(kind, net, windows, samples.take(fold.test))[0])
                index.append(fold.test)
            return np.concatenate(logits), np.concatenate(index)

        begun = time.monotonic()
        logits, index = self.cache.keep(f"walk-{kind}", str(settings), make)
        _say(f"walk-forward {kind} {settings}: {time.monotonic() - begun:.0f} s")
        return OutOfFold(kind, dataclasses.asdict(settings), logits, index)

    def _walk_logistic(self, x: np.ndarray) -> OutOfFold:
        """The baseline that four models have to beat."""

        def make():
            logits, index = [], []
            for fold in folds.walk_forward(self.rows, self.settings):
                thinned = fold.train[::7]
                scaling = nets.Scaling.of(x[thinned])
                model = LogisticRegression(C=0.01, max_iter=200)
                model.fit(scaling.apply(x[thinned]), self.rows.label[thinned], self.rows.weight[thinned])
                logits.append(model.decision_function(scaling.apply(x[fold.test])))
                index.append(fold.test)
            return np.concatenate(logits), np.concatenate(index)

        logits, index = self.cache.keep("walk-logistic", "", make)
        return OutOfFold("logistic", {"C": 0.01}, logits, index)

    def _samples(self, one: OutOfFold) -> dataset.Samples:
        return self.windows[one.parameters["stride"]] if one.kind in NETS else self.rows

    def _on(self, one: OutOfFold) -> tuple[np.ndarray, np.ndarray]:
        return one.logits, self._samples(one).label[one.index]

    def _loss(self, one: OutOfFold) -> float:
        logits, label = self._on(one)
        return calibration.log_loss(calibration.softmax(logits / calibration.temperature(logits, label)), label)

    def _shared(self, chosen: dict[str, OutOfFold]) -> dict[str, np.ndarray]:
        keyed = {}
        for kind, one in chosen.items():
            samples = self._samples(one).take(one.index)
            keyed[kind] = dict(zip(zip(samples.table, samples.row, strict=True), one.logits, strict=True))
        common = sorted(set.intersection(*(set(each) for each in keyed.values())))
        result = {kind: np.stack([each[key] for key in common]) for kind, each in keyed.items()}
        result["label"] = np.array([self.tables[table].label[row] for table, row in common])
        return result

    def _overfitting(self, tried: list[OutOfFold]) -> float | None:
        """Over the trials on tree rows, which share their samples."""
        columns = []
        for one in (t for t in tried if t.kind in TREES):
            logits, label = self._on(one)
            probabilities = calibration.softmax(logits / calibration.temperature(logits, label))
            samples = self.rows.take(one.index)
            pairs = list(zip(samples.table, samples.row, strict=True))
            exits = np.array([self.tables[t].exit_return[r] for t, r in pairs])
            sigma = np.array([self.tables[t].sigma[r] for t, r in pairs])
            columns.append(overfitting.daily_returns(probabilities, exits, sigma, samples.time))
        return overfitting.probability(np.stack(columns, axis=1))

    def _trial(self, one: OutOfFold, prior_loss: float) -> dict:
        return {
            "set_id": self.settings.set_id,
            "kind": one.kind,
            "parameters": one.parameters,
            "folds": len(self.settings.fold_starts) - 1,
            "samples": len(one.index),
            "out_of_fold_log_loss": self._loss(one),
            "prior_log_loss": prior_loss,
        }

    # The models that are shipped

    def _train(self, samples: dataset.Samples) -> np.ndarray:
        return folds.before(samples, self.test_begin, self.settings.bar_ms)

    def _final(self, x, made: manifest.Made, chosen: dict[str, OutOfFold], temperatures: dict[str, float]) -> None:
        train, length = self._train(self.rows), self.settings.sequence_length
        scaling = nets.Scaling.of(x[train])
        made.statistics = reference.statistics(self.names, x[train], scaling)
        boosters = {kind: self._fit_trees(x, train, kind, chosen[kind].parameters) for kind in TREES}
        for kind in TREES:
            onnx = onnx_trees.graph(kind, boosters[kind], len(self.names), temperatures[kind])
            importance = trees.gains(kind, boosters[kind], len(self.names))
            made.add_model(kind, onnx, chosen[kind].parameters, temperatures[kind], importance)

        windows = nets.Windows(self.tables, scaling, length)
        settings = {kind: config.NetSettings(**chosen[kind].parameters) for kind in NETS}
        parameters = {kind: self._fit_nets(kind, settings[kind], windows) for kind in NETS}
        for kind in NETS:
            onnx = onnx_nets.graph(kind, parameters[kind], scaling, length, temperatures[kind])
            importance = self._permuted(kind, settings[kind], parameters[kind][0], windows)
            made.add_model(kind, onnx, chosen[kind].parameters, temperatures[kind], importance)

        thinned = train[:: max(1, len(train) // 60_000)]
        made.drift = self.cache.keep("drift", "", lambda: reference.drift(scaling.apply(x[thinned]), 0))
        made.drift_shares = reference.moved_shares(self.tables, made.statistics, self.test_begin)
        made.parity = self._parity(made, boosters, parameters, scaling, temperatures)

    def _fit_trees(self, x, train, kind: str, parameters: dict) -> list:
        taught = trees.blank_context(x[train], self.context, 0)
        label, weight = self.rows.label[train], self.rows.weight[train]
        begun = time.monotonic()
        made = [trees.FIT[kind](taught, label, weight, parameters, seed) for seed in self.settings.seeds]
        _say(f"fitted {kind}: {time.monotonic() - begun:.0f} s")
        return made

    def _fit_nets(self, kind: str, settings: config.NetSettings, windows: nets.Windows) -> list:
        samples = self.windows[settings.stride]
        taught = samples.take(self._train(samples))

        def one(seed: int):
            begun = time.monotonic()
            net = self.cache.keep(
                f"net-{kind}",
                f"{settings} {seed}",
                lambda: nets.fit(kind, windows, taught, settings, self.settings.sequence_length, seed),
            )
            _say(f"fitted {kind}, seed {seed}: {time.monotonic() - begun:.0f} s")
            return net

        return [one(seed) for seed in self.settings.seeds]

    def _permuted(self, kind: str, settings: config.NetSettings, net, windows: nets.Windows) -> np.ndarray:
        """Share of the rise in log-loss when one feature's windows are dealt to other samples, float64 [F]."""

        def make():
            samples = self.windows[settings.stride]
            held = np.flatnonzero(samples.time >= dataset.utc_ms(self.settings.fold_starts[-2]))
            held = held[samples.time[held] < self.test_begin]
            picked = samples.take(np.sort(np.random.default_rng(0).choice(held, IMPORTANCE_SAMPLES, replace=False)))
            x = windows.of(picked)
            order = np.random.default_rng(1).permutation(len(x))
            usual = calibration.log_loss(calibration.softmax(nets.run_windows(kind, net, x)[0]), picked.label)
            rises = []
            for column in range(x.shape[2]):
                kept = x[:, :, column].copy()
                x[:, :, column] = kept[order]
                logits = nets.run_windows(kind, net, x)[0]
                rises.append(calibration.log_loss(calibration.softmax(logits), picked.label) - usual)
                x[:, :, column] = kept
            return np.maximum(rises, 0)

        rises = self.cache.keep(f"importance-{kind}", str(settings), make)
        return rises / max(rises.sum(), 1e-12)

    def _parity(self, made, boosters, parameters, scaling, temperatures) -> dict:
        splits = [pair for kind in TREES for pair in onnx_trees.split_points(made.onnx[kind], PARITY_SPLITS)]
        length = self.settings.sequence_length
        rows, starts = reference.parity_rows(self.tables, self.test_begin, length, splits)
        expected = {}
        for kind in TREES:
            margins = np.mean([trees.MARGINS[kind](booster, rows) for booster in boosters[kind]], axis=0)
            expected[kind] = {"probabilities": calibration.softmax(margins / temperatures[kind])}
        scaled = scaling.apply(rows)
        x = np.stack([scaled[start : start + length] for start in starts])
        for kind in NETS:
            outputs = [nets.run_windows(kind, net, x) for net in parameters[kind]]
            logits, quantiles = (np.mean([output[i] for output in outputs], axis=0) for i in (0, 1))
            expected[kind] = {
                "probabilities": calibration.softmax(logits / temperatures[kind]),
                "quantiles": quantiles,
            }
        return {
            "rows": len(rows),
            "features": rows.shape[1],
            "values": reference.float32_text(rows),
            "windowStarts": starts,
            "expected": {
                kind: {name: reference.float32_text(values) for name, values in outputs.items()}
                for kind, outputs in expected.items()
            },
        }

    def _splits(self) -> dict[str, tuple[int, int, int]]:
        """Begin, end and samples of what taught, what calibrated and what examines."""
        train = self.rows.take(self._train(self.rows))
        first, end = dataset.utc_ms(self.settings.fold_starts[0]), dataset.utc_ms(self.settings.test_end)
        return {
            "train": (int(train.time.min()), int(train.end.max()), len(train)),
            "validation": (first, self.test_begin, len(folds.within(self.rows, first, self.test_begin))),
            "test": (self.test_begin, end, len(folds.within(self.rows, self.test_begin, end))),
        }


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
