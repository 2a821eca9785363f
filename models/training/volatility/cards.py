"""The card of a set, generated from its manifest."""

from __future__ import annotations

import json
from pathlib import Path

WORDS = {"ewma20": "EWMA, 20 days", "har": "HAR per coin", "formula": "formula", "ridge": "ridge", "pool": "**pool**"}


def write(out: Path) -> None:
    document = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    walked = document["walkForward"]
    lines = [
        f"# Volatility set {document['setId']}",
        "",
        "Four models, and the regressions they have to beat, foretell the realised variance of the next 24 hours and 7 days.",
        f"Learned from {document['samples']:,} samples before {document['validFrom'][:10]}, valid until "
        f"{document['validUntil'][:10]}; {document['trials']} lines in the log of trials.",
        "",
        f"Walk-forward {walked['from'][:10]} to {walked['to'][:10]} ({walked['folds']} half-years, each foretold by what was "
        "fitted before it). QLIKE: 0 is perfect. The gains' 95 % intervals are taken over blocks of days, all coins together "
        "(7 days for 24 hours, 28 for 7 days); a gain counts when its interval excludes 0.",
        "",
    ]
    for horizon, figures, pool in zip(document["horizons"], walked["horizons"], document["pool"], strict=True):
        lines += [
            f"## {horizon['bars']} hours ahead",
            "",
            "| | QLIKE | log-RMSE | gain over the formula | gain over the ridge | weight |",
            "|---|---|---|---|---|---|",
        ]
        for one in figures:
            weight = pool["weights"].get(one["id"])
            lines.append(
                f"| {WORDS.get(one['id'], one['id'])} | {one['qlike']:.4f} | {one['logRmse']:.4f} | "
                f"{_gain(one['overFormula'])} | {_gain(one['overRidge'])} | {'' if weight is None else f'{weight:.2f}'} |"
            )
        lines += ["", f"{figures[0]['samples']:,} samples.", ""]
    lines += [_coins(document), "", document["limits"], "", f"Licence: {document['licence']}", ""]
    (out / "card.md").write_text("\n".join(lines), encoding="utf-8")


def _gain(interval: dict) -> str:
    if interval["low"] == interval["high"]:
        return "–"
    return f"{interval['value']:+.4f} [{interval['low']:+.4f}, {interval['high']:+.4f}]"


def _coins(document: dict) -> str:
    har = [one["symbol"] for one in document["coins"] if one["harQlike"] < one["poolQlike"]]
    if not har:
        return "In the last year before the end the pool was better than HAR on every coin."
    return f"HAR was better in the last year before the end on {', '.join(har)}: there HAR is used."
