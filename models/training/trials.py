"""The log of every model ever tried on this data: the deflated Sharpe ratio needs the true count."""

from __future__ import annotations

import csv
import json
from pathlib import Path

FIELDS = ["set_id", "kind", "parameters", "folds", "samples", "out_of_fold_log_loss", "prior_log_loss"]


def record(path: Path, rows: list[dict]) -> int:
    """Adds the trials that are not in the log yet; returns how many distinct ones it holds."""
    known = list(csv.DictReader(path.open(encoding="utf-8", newline=""))) if path.exists() else []
    texts = [{field: _text(row[field]) for field in FIELDS} for row in rows]
    merged = {(row["set_id"], row["kind"], row["parameters"]): row for row in [*known, *texts]}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(merged.values())
    return len(merged)


def _text(value) -> str:
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    return f"{value:.6f}" if isinstance(value, float) else str(value)
