"""Has the program examine the set on the test period, with the code that also serves it, and keeps the figures."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from . import manifest
from .config import Config
from .dataset import ROOT


def add(settings: Config, data: Path, out: Path) -> None:
    """Writes `evaluation` of each model and of the ensemble into the manifest. Raises RuntimeError."""
    options = ["--models", str(out.resolve()), "--timeframe", settings.timeframe, "--only", "direction", "--json"]
    options += ["--data", *(str((data / one.file).resolve()) for one in settings.series)]
    options += ["--symbol", *(one.symbol for one in settings.series)]
    options += ["--from", settings.fold_starts[-1], "--to", settings.test_end]
    command = ["npm", "run", "-s", "tradebot", "--", "ml", "evaluate", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"ml evaluate: {done.stderr.strip()}")
    found = json.loads(done.stdout)
    document = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    for entry in document["models"]:
        entry["evaluation"] = found["models"][entry["id"]]
    document["ensemble"]["evaluation"] = found["ensemble"]
    manifest.save(out, document)
