"""Writes a model set: the ONNX files, `manifest.json`, `parity.json` and `drift.json`."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from . import reference
from .config import Config
from .dataset import HORIZON_BARS, ROOT, SIGMA_FEATURE, Table, sha256

GOLDEN = ROOT / "tests" / "golden" / "golden_features.csv.gz"
LICENCE = "MIT"
TESTED_RUNTIME = "onnxruntime-node 1.30.0"
LIBRARIES = {
    "xgboost": ("xgboost", "onnx"),
    "lightgbm": ("lightgbm", "onnx"),
    "lstm": ("jax", "optax", "onnx"),
    "transformer": ("jax", "optax", "onnx"),
}
LIMITS = (
    "Trained on hourly bars of large coins; nothing is known of other timeframes or of coins with thin books. "
    "It estimates the class of the next 24 bars, not a price. Coins move together, so intervals over all of them are "
    "narrower than they should be; an AUC above 0.60 on six months is a reason for doubt, not for trust. "
    "Past figures promise nothing."
)


@dataclasses.dataclass
class Made:
    """What a run has found out so far."""

    settings: Config
    tables: list[Table]
    data: Path
    prior: np.ndarray
    trials: int
    probability_of_overfitting: float | None
    weights: dict[str, float]
    pool_temperature: float
    losses: dict[str, float]
    splits: dict[str, tuple[int, int, int]]
    statistics: list[dict] = dataclasses.field(default_factory=list)
    onnx: dict = dataclasses.field(default_factory=dict)
    entries: list[dict] = dataclasses.field(default_factory=list)
    drift: tuple[dict, float] | None = None
    may_be_missing: list[str] = dataclasses.field(default_factory=list)
    drift_shares: tuple[float, float] = (1.0, 1.0)
    parity: dict | None = None

    def add_model(self, kind: str, onnx, parameters: dict, temperature: float, importance: np.ndarray) -> None:
        names = self.tables[0].names
        order = np.argsort(-importance, kind="stable")
        self.onnx[kind] = onnx
        self.entries.append(
            {
                "id": kind,
                "kind": kind,
                "inputs": [_tensor(value) for value in onnx.graph.input],
                "outputs": [_tensor(value) for value in onnx.graph.output],
                "opsets": {one.domain or "ai.onnx": one.version for one in onnx.opset_import},
                "operators": dict(sorted(Counter(node.op_type for node in onnx.graph.node).items())),
                "testedRuntime": TESTED_RUNTIME,
                "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES[kind]},
                "seeds": list(self.settings.seeds),
                "parameters": parameters,
                "calibration": {"method": "temperature", "temperature": temperature},
                "importance": [{"name": names[i], "share": float(importance[i])} for i in order],
                "outOfFoldLogLoss": self.losses[kind],
                "evaluation": None,
                "limits": LIMITS,
                "licence": LICENCE,
            }
        )


def write(made: Made, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    files = {entry["id"]: f"{made.settings.set_id}-{entry['id']}.onnx" for entry in made.entries}
    for entry in made.entries:
        content = made.onnx[entry["id"]].SerializeToString(deterministic=True)
        entry.update(_file(out / files[entry["id"]], content))
    drift, threshold = made.drift
    document = {
        "schemaVersion": 1,
        "setId": made.settings.set_id,
        "createdAt": _iso(int(datetime.now(UTC).timestamp()) * 1000),
        "validFrom": _iso(made.splits["test"][0]),
        "validUntil": f"{made.settings.valid_until}T00:00:00Z",
        "timeframe": made.settings.timeframe,
        "sequenceLength": made.settings.sequence_length,
        "classes": ["down", "flat", "up"],
        "prior": made.prior.tolist(),
        "features": {
            "names": made.tables[0].names,
            "setHash": made.tables[0].report["featureSetHash"],
            "goldenSha256": sha256(GOLDEN),
            "unusedGroups": ["microstructure"],
            "mayBeMissing": made.may_be_missing,
            "statistics": made.statistics,
        },
        "label": {
            "kind": "triple-barrier",
            "horizonBars": HORIZON_BARS,
            "barrierSigma": 1.5,
            "costMultiple": 3,
            "roundTripCost": 0.0024,
            "sigmaFeature": SIGMA_FEATURE,
            "entry": "next-open",
        },
        "data": [_data(made.data, table) for table in made.tables],
        "splits": {
            name: {"from": _iso(begin), "to": _iso(end), "samples": samples}
            for name, (begin, end, samples) in made.splits.items()
        },
        "validation": {
            "scheme": "walk-forward, expanding, purged by the label's end and an embargo of one horizon",
            "folds": len(made.settings.fold_starts) - 1,
            "purgeBars": HORIZON_BARS,
            "embargoBars": HORIZON_BARS,
            "trials": made.trials,
            "probabilityOfOverfitting": made.probability_of_overfitting,
        },
        "models": made.entries,
        "ensemble": {
            "method": "log-opinion-pool",
            "weights": made.weights,
            "temperature": made.pool_temperature,
            "outOfFoldLogLoss": made.losses["ensemble"],
            "evaluation": None,
        },
        "parity": {
            **_file(out / "parity.json", _json(made.parity)),
            "rows": made.parity["rows"],
            "tolerance": 1e-5,
        },
        "drift": {
            **_file(out / "drift.json", _json(drift)),
            "dissimilarityThreshold": threshold,
            "psiMoved": reference.PSI_MOVED,
            "windowBars": reference.WINDOW_BARS,
            "warnShare": made.drift_shares[0],
            "stopShare": made.drift_shares[1],
        },
        "licence": LICENCE,
    }
    save(out, document)


def save(out: Path, document: dict) -> None:
    (out / "manifest.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _file(path: Path, content: bytes) -> dict:
    path.write_bytes(content)
    return {"file": path.name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def _json(document: dict) -> bytes:
    return (json.dumps(document, separators=(",", ":")) + "\n").encode()


def _tensor(value) -> dict:
    shape = [d.dim_value if d.HasField("dim_value") else -1 for d in value.type.tensor_type.shape.dim]
    return {"name": value.name, "shape": shape}


def _data(folder: Path, table: Table) -> dict:
    return {
        "file": table.series.file,
        "sha256": sha256(folder / table.series.file),
        "symbol": table.series.symbol,
        "from": _iso(int(table.time[0])),
        "to": _iso(int(table.time[-1])),
        "rows": len(table.time),
    }


def _iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
