"""What the program exported, as samples at the same hours of all symbols. No feature is computed here."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd

from ..config import Series
from ..dataset import ROOT, sha256

HORIZONS = (24, 168)
HOUR_MS = 3_600_000
# What the nets look at: so many rows, so many bars apart. Within the 64 bars that the engine keeps.
STEPS, STEP_BARS = 8, 8


@dataclasses.dataclass(frozen=True)
class Samples:
    """Every eighth hour of every series, in order of series and time."""

    symbol: np.ndarray  # str [m]
    close_time: np.ndarray  # int64 [m]: when the bar had closed and the forecast could be made
    x: np.ndarray  # float32 [m, F], NaN = no value
    y: np.ndarray  # float64 [m, 2]: ln of the realised variance of one bar over each horizon, NaN = not known
    returns: np.ndarray  # float64 [m, 2]: log return over each horizon
    window: np.ndarray  # int64 [m, STEPS] rows of the net's window, oldest first; -1 = there is none

    def __len__(self) -> int:
        return len(self.close_time)


def export(series: tuple[Series, ...], data: Path, cache: Path) -> tuple[list[str], list[dict], list[pd.DataFrame]]:
    """Has the program write each matrix, once. Raises RuntimeError with the program's own line."""
    cache.mkdir(parents=True, exist_ok=True)
    frames, reports = [], []
    for one in series:
        key = hashlib.sha256(f"volatility {sha256(data / one.file)} {one}".encode()).hexdigest()[:16]
        matrix, report = cache / f"{key}.csv.gz", cache / f"{key}.json"
        if not (matrix.exists() and report.exists()):
            context = ["--context", str(data / one.context)] if one.context else []
            command = ["npm", "run", "-s", "tradebot", "--", "features", "export", "--volatility", "--labels", "--json"]
            options = ["--data", str(data / one.file), "--symbol", one.symbol, "--out", str(matrix), *context]
            done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise RuntimeError(f"{one.file}: {done.stderr.strip()}")
            report.write_text(done.stdout, encoding="utf-8")
        frames.append(pd.read_csv(matrix))
        reports.append(json.loads(report.read_text(encoding="utf-8"))[0])
    columns = list(frames[0].columns)
    names = columns[1 : columns.index(f"log_variance_{HORIZONS[0]}")]
    return names, reports, frames


def samples(series: tuple[Series, ...], names: list[str], frames: list[pd.DataFrame]) -> Samples:
    """Ready bars that closed at 00, 08 and 16 o'clock UTC."""
    parts, offset = [], 0
    for one, frame in zip(series, frames, strict=True):
        close = frame["timestamp_ms"].to_numpy(np.int64) + HOUR_MS
        ready = np.isfinite(frame["var_720"].to_numpy())
        chosen = np.flatnonzero(ready & (close // HOUR_MS % STEP_BARS == 0))
        time = close[chosen]
        back = np.arange(len(chosen))[:, None] - np.arange(STEPS)[::-1]
        span = (STEPS - 1) * STEP_BARS * HOUR_MS
        whole = (back[:, 0] >= 0) & (time - time[np.maximum(back[:, 0], 0)] == span)
        # Hourly bars without a hole between the first and the last row, as the engine asks.
        row = chosen - (STEPS - 1) * STEP_BARS
        whole &= (row >= 0) & (close[chosen] - close[np.maximum(row, 0)] == span)
        labels = [frame[f"log_variance_{bars}"].to_numpy()[chosen] - np.log(bars) for bars in HORIZONS]
        parts.append(
            {
                "symbol": np.full(len(chosen), one.symbol, dtype=object),
                "close_time": time,
                # Cast once, before training: thresholds are then between float32 numbers, as they are when serving.
                "x": frame[names].to_numpy(np.float32)[chosen],
                "y": np.stack(labels, axis=1),
                "returns": np.stack([frame[f"return_{bars}"].to_numpy()[chosen] for bars in HORIZONS], axis=1),
                "window": np.where(whole[:, None], back + offset, -1),
            }
        )
        offset += len(chosen)
    return Samples(**{key: np.concatenate([part[key] for part in parts]) for key in parts[0]})
