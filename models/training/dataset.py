"""Feature matrices, as the program exports them, made into samples. No feature is computed here."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd

from .config import Config, Series

LABEL_COLUMNS = ["label", "label_horizon_return", "label_exit_return", "label_end_ms"]
HORIZON_BARS = 24
SIGMA_FEATURE = "rv_168"
ROOT = Path(__file__).resolve().parents[2]


@dataclasses.dataclass(frozen=True)
class Table:
    """One symbol's bars: n rows of F float32 features, ascending in time."""

    series: Series
    report: dict
    names: list[str]
    time: np.ndarray  # int64 [n], opening time, UTC ms
    features: np.ndarray  # float32 [n, F], NaN = no value
    label: np.ndarray  # int8 [n], 0 down, 1 flat, 2 up, -1 none
    horizon_return: np.ndarray  # float64 [n]
    exit_return: np.ndarray  # float64 [n]
    label_end: np.ndarray  # int64 [n], opening time of the bar that decided
    sigma: np.ndarray  # float64 [n], of one bar


@dataclasses.dataclass(frozen=True)
class Samples:
    """Rows of several tables to learn from: table number and row number, with weight."""

    table: np.ndarray  # int32 [m]
    row: np.ndarray  # int32 [m]
    time: np.ndarray  # int64 [m]
    end: np.ndarray  # int64 [m], when the label was known
    label: np.ndarray  # int8 [m]
    weight: np.ndarray  # float64 [m], mean 1
    target: np.ndarray  # float32 [m], horizon return in standard deviations of the horizon

    def __len__(self) -> int:
        return len(self.row)

    def take(self, chosen: np.ndarray) -> Samples:
        return Samples(**{f.name: getattr(self, f.name)[chosen] for f in dataclasses.fields(self)})


def utc_ms(date: str) -> int:
    return int(pd.Timestamp(date, tz="UTC").value // 1_000_000)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def export(config: Config, data: Path, cache: Path) -> list[Table]:
    """Has the program write each matrix, once, and reads it. Raises RuntimeError with the program's own line."""
    cache.mkdir(parents=True, exist_ok=True)
    return [_table(series, data, cache) for series in config.series]


def _table(series: Series, data: Path, cache: Path) -> Table:
    candles = data / series.file
    key = hashlib.sha256(f"{sha256(candles)} {series}".encode()).hexdigest()[:16]
    matrix, report = cache / f"{key}.csv.gz", cache / f"{key}.json"
    if not (matrix.exists() and report.exists()):
        context = ["--context", str(data / series.context)] if series.context else []
        command = ["npm", "run", "-s", "tradebot", "--", "features", "export", "--labels", "--json"]
        options = ["--data", str(candles), "--symbol", series.symbol, "--out", str(matrix), *context]
        done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{series.file}: {done.stderr.strip()}")
        report.write_text(done.stdout, encoding="utf-8")
    return read(series, matrix, json.loads(report.read_text(encoding="utf-8"))[0])


def read(series: Series, matrix: Path, report: dict) -> Table:
    """Reads one exported matrix."""
    frame = pd.read_csv(matrix)
    names = [name for name in frame.columns if name != "timestamp_ms" and name not in LABEL_COLUMNS]
    label = frame["label"].fillna(-1).to_numpy(np.int8)
    return Table(
        series=series,
        report=report,
        names=names,
        time=frame["timestamp_ms"].to_numpy(np.int64),
        # Cast once, before training: thresholds are then between float32 numbers, as they are when serving.
        features=frame[names].to_numpy(np.float32),
        label=label,
        horizon_return=frame["label_horizon_return"].to_numpy(np.float64),
        exit_return=frame["label_exit_return"].to_numpy(np.float64),
        label_end=frame["label_end_ms"].fillna(-1).to_numpy(np.int64),
        sigma=frame[SIGMA_FEATURE].to_numpy(np.float64),
    )


def samples(tables: list[Table], config: Config, length: int, stride: int) -> Samples:
    """Labelled bars with a whole window of `length` bars behind them, every `stride` bars."""
    parts = [_samples_of(number, table, config, length, stride) for number, table in enumerate(tables)]
    columns = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    columns["weight"] *= 1 / _series_of_same_coin(tables, columns["table"], columns["time"])
    columns["weight"] /= columns["weight"].mean()
    order = np.argsort(columns["time"], kind="stable")
    return Samples(**{key: value[order] for key, value in columns.items()})


def _samples_of(number: int, table: Table, config: Config, length: int, stride: int) -> dict:
    time, bar = table.time, config.bar_ms
    index = np.arange(len(time))
    ready = np.isfinite(table.features[:, 0])
    whole = np.zeros(len(time), bool)
    span = length - 1
    whole[span:] = (time[span:] - time[: len(time) - span] == span * bar) & ready[: len(time) - span]
    # By the clock, not by the row: symbols are sampled at the same moments.
    on_stride = (time // bar) % stride == 0
    rows = index[ready & whole & on_stride & (table.label >= 0)]
    age_days = (utc_ms(config.fold_starts[-1]) - time[rows]) / 86_400_000
    recency = 0.5 ** (np.maximum(age_days, 0) / config.recency_half_life_days)
    horizon_sigma = np.maximum(table.sigma[rows] * np.sqrt(HORIZON_BARS), 1e-4)
    return {
        "table": np.full(len(rows), number, np.int32),
        "row": rows.astype(np.int32),
        "time": time[rows],
        "end": table.label_end[rows] + bar,
        "label": table.label[rows],
        "weight": uniqueness(table, bar)[rows] * recency,
        "target": np.clip(table.horizon_return[rows] / horizon_sigma, -6, 6).astype(np.float32),
    }


def uniqueness(table: Table, bar_ms: int) -> np.ndarray:
    """Average uniqueness of each row's label: the mean of 1 / (labels alive) over its bars (López de Prado, ch. 4)."""
    count = len(table.time)
    position = np.searchsorted(table.time, table.label_end)
    labelled = table.label >= 0
    start = np.arange(count) + 1
    alive = np.zeros(count + 2)
    np.add.at(alive, start[labelled], 1)
    np.add.at(alive, np.minimum(position[labelled] + 1, count + 1), -1)
    alive = np.cumsum(alive)[: count + 1]
    shares = np.concatenate([[0], np.cumsum(1 / np.maximum(alive, 1))])
    result = np.zeros(count)
    low, high = start[labelled], np.minimum(position[labelled] + 1, count + 1)
    result[labelled] = (shares[high] - shares[low]) / np.maximum(high - low, 1)
    return result


def _series_of_same_coin(tables: list[Table], table: np.ndarray, time: np.ndarray) -> np.ndarray:
    """How many series of a sample's coin cover its time: spot and perpetual of one coin are one observation."""
    coin = [one.series.symbol.split("/")[0] for one in tables]
    counts = np.zeros(len(table))
    for number, own in enumerate(coin):
        chosen = table == number
        for other, one in enumerate(tables):
            if coin[other] == own:
                counts[chosen] += (time[chosen] >= one.time[0]) & (time[chosen] <= one.time[-1])
    return np.maximum(counts, 1)


def rows_of(tables: list[Table], chosen: Samples) -> np.ndarray:
    """float32 [m, F]."""
    out = np.empty((len(chosen), len(tables[0].names)), np.float32)
    for number, table in enumerate(tables):
        mine = chosen.table == number
        out[mine] = table.features[chosen.row[mine]]
    return out
