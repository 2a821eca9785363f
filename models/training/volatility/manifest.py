"""Writes a volatility set: the ONNX files, `manifest.json` and `parity.json`."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from .. import onnx_trees
from ..manifest import LIBRARIES, LICENCE, TESTED_RUNTIME
from ..reference import float32_text, statistics
from . import fitted, nets, pool, trees
from .data import HORIZONS, STEP_BARS, STEPS, Samples
from .fitted import Fitted
from .settings import KINDS, SetSettings, Settings

LIMITS = (
    "Trained on hourly bars of eight large coins. It foretells how much prices will move, not where to. What comes out "
    "of nowhere is not in it: after quiet weeks the largest days are foretold too small. Past figures promise nothing."
)
HORIZON_IDS = ("h24", "h168")
TREE_ROWS, WINDOWS = 400, 60


@dataclasses.dataclass
class Known:
    settings: Settings
    chosen: SetSettings
    names: list[str]
    reports: list[dict]
    hashes: list[str]
    samples: Samples
    made: Fitted
    trials: int
    walk_forward: list[list[dict]]
    shares: list[dict[str, float]]
    quantiles: list[list[float]]
    pool_scales: list[float]
    coins: list[dict]


def write(known: Known, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    made = known.made
    graphs = {kind: trees.graph(kind, made.boosters[kind], made.ridges) for kind in made.boosters}
    graphs |= {kind: nets.graph(kind, made.weights[kind], made.scaling, made.ridges) for kind in made.weights}
    entries = [_entry(known, kind, graphs[kind], out) for kind in KINDS]
    parity = json.dumps(_parity(known, graphs), separators=(",", ":")).encode()
    end = known.chosen.trained_until
    document = {
        "schemaVersion": 1,
        "setId": known.chosen.set_id,
        "createdAt": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "validFrom": f"{end}T00:00:00Z",
        "validUntil": f"{known.chosen.valid_until}T00:00:00Z",
        "timeframe": known.settings.timeframe,
        "window": {"rows": STEPS, "everyBars": STEP_BARS},
        "features": {
            "names": known.names,
            "setHash": known.reports[0]["featureSetHash"],
            "mayBeMissing": [name for name in known.names if name.startswith("btc_")],
            "statistics": statistics(known.names, _learned_from(known), made.scaling),
        },
        "horizons": [{"id": name, "bars": bars} for name, bars in zip(HORIZON_IDS, HORIZONS, strict=True)],
        "data": [
            {
                "file": series.file,
                "sha256": digest,
                "symbol": series.symbol,
                "from": _iso(report["from"]),
                "to": min(_iso(report["to"]), f"{end}T00:00:00Z"),
            }
            for series, report, digest in zip(known.settings.series, known.reports, known.hashes, strict=True)
        ],
        "samples": made.samples,
        "trials": known.trials,
        "baselines": [_baseline(made, kind) for kind in fitted.BASELINES],
        "models": entries,
        "pool": [
            {"weights": known.shares[h], "scale": known.pool_scales[h]} for h in range(len(HORIZONS))
        ],
        "bands": {"levels": list(pool.LEVELS), "quantiles": known.quantiles},
        "coins": known.coins,
        "walkForward": {
            "from": f"{known.settings.fold_starts[0]}T00:00:00Z",
            "to": f"{end}T00:00:00Z",
            "folds": known.settings.fold_starts.index(end),
            "horizons": known.walk_forward,
        },
        "parity": {**_file(out / "parity.json", parity), "tolerance": 1e-4},
        "limits": LIMITS,
        "licence": LICENCE,
    }
    (out / "manifest.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _learned_from(known: Known) -> np.ndarray:
    taught = fitted.before(known.samples, _ms(known.chosen.trained_until), 0)
    return known.samples.x[taught]


def _entry(known: Known, kind: str, graph, out: Path) -> dict:
    made = known.made
    importance = []
    if kind in made.boosters:
        share = trees.gains(kind, made.boosters[kind], len(known.names))
        order = np.argsort(-share, kind="stable")
        importance = [{"name": known.names[i], "share": float(share[i])} for i in order if share[i] > 0]
    return {
        "id": kind,
        "kind": kind,
        **_file(out / f"{kind}.onnx", graph.SerializeToString(deterministic=True)),
        "inputs": [_tensor(value) for value in graph.graph.input],
        "outputs": [_tensor(value) for value in graph.graph.output],
        "opsets": {one.domain or "ai.onnx": one.version for one in graph.opset_import},
        "operators": dict(sorted(Counter(node.op_type for node in graph.graph.node).items())),
        "testedRuntime": TESTED_RUNTIME,
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES[kind]},
        "parameters": {**known.settings.models[kind], "seed": known.settings.seed},
        "scales": made.scales[kind],
        "importance": importance,
    }


def _baseline(made: Fitted, kind: str) -> dict:
    regressions = [
        {
            "symbol": symbol or None,
            "horizon": HORIZON_IDS[horizon],
            "intercept": one.intercept,
            "scale": scale,
            "terms": [
                {"name": name, "mean": float(mean), "std": float(std), "coefficient": float(coefficient)}
                for name, mean, std, coefficient in zip(one.names, one.mean, one.std, one.coefficients, strict=True)
            ],
        }
        for horizon, fits in enumerate(made.linear[kind])
        for symbol, (one, scale) in fits.items()
    ]
    return {"id": kind, "regressions": regressions}


def _parity(known: Known, graphs: dict) -> dict:
    """Rows and windows, held out where there are any, some with gaps and some on thresholds, and the libraries' answers."""
    samples, made = known.samples, known.made
    whole = np.flatnonzero((samples.window[:, 0] >= 0) & np.isfinite(samples.x).all(axis=1))
    late = whole[samples.close_time[whole] >= _ms(known.chosen.trained_until)]
    held = late if len(late) >= TREE_ROWS else whole
    rows = samples.x[held[np.linspace(0, len(held) - 1, TREE_ROWS).astype(int)]].copy()
    rows[:40, ::5] = np.nan
    splits = [pair for kind in made.boosters for pair in onnx_trees.split_points(graphs[kind], 50)]
    exact = np.repeat(rows[-1:], len(splits), axis=0)
    for row, (feature, threshold) in enumerate(splits):
        exact[row, feature] = np.float32(threshold)
    rows = np.concatenate([rows, exact])
    windows = samples.x[samples.window[held[np.linspace(0, len(held) - 1, WINDOWS).astype(int)]]].copy()
    windows[:6, ::2, ::5] = np.nan
    ridge = np.stack([one(made.columns, rows) for one in made.ridges], axis=1)
    last = np.stack([one(made.columns, windows[:, -1]) for one in made.ridges], axis=1)
    expected = {
        kind: ridge + np.stack([trees.PREDICT[kind](booster, rows) for booster in boosters], axis=1)
        for kind, boosters in made.boosters.items()
    }
    expected |= {
        kind: last + nets.predict(kind, weights, made.scaling.apply(windows)) for kind, weights in made.weights.items()
    }
    return {
        "rows": len(rows),
        "values": float32_text(rows),
        "windows": len(windows),
        "windowValues": float32_text(windows),
        "expected": {kind: float32_text(expected[kind].astype(np.float32)) for kind in KINDS},
        "ridge": float32_text(ridge.astype(np.float32)),
    }


def _tensor(value) -> dict:
    dims = value.type.tensor_type.shape.dim
    return {"name": value.name, "shape": [one.dim_value if one.HasField("dim_value") else -1 for one in dims]}


def _file(path: Path, content: bytes) -> dict:
    path.write_bytes(content)
    return {"file": path.name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def _iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _ms(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)
