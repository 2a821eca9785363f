"""The log of everything ever tried on this data: lines are added, never changed or taken away."""

from __future__ import annotations

import csv
import json
from pathlib import Path

FIELDS = ["run", "kind", "horizon_bars", "parameters", "folds", "samples", "qlike", "formula_qlike"]


def append(path: Path, rows: list[dict]) -> int:
    """Adds a run's trials; returns how many there ever were. A run repeated with nothing changed adds nothing."""
    known = list(csv.DictReader(path.open(encoding="utf-8", newline=""))) if path.exists() else []
    texts = [{field: _text(row[field]) for field in FIELDS[1:]} for row in rows]
    seen = {tuple(row[field] for field in FIELDS[1:]) for row in known}
    run = 1 + max((int(row["run"]) for row in known), default=0)
    new = [{**row, "run": str(run)} for row in texts if tuple(row[field] for field in FIELDS[1:]) not in seen]
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        if not known:
            writer.writeheader()
        writer.writerows(new)
    return len(known) + len(new)


def _text(value) -> str:
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    return f"{value:.4f}" if isinstance(value, float) else str(value)
