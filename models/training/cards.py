"""Model cards, generated from the manifest: nothing on a card is not in it."""

from __future__ import annotations

import json
from pathlib import Path


def write(out: Path) -> None:
    document = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    cards = out / "cards"
    cards.mkdir(exist_ok=True)
    for entry in document["models"]:
        (cards / f"{entry['id']}.md").write_text(_model_card(document, entry), encoding="utf-8")
    (cards / "ensemble.md").write_text(_ensemble_card(document), encoding="utf-8")


def _model_card(document: dict, entry: dict) -> str:
    inputs, outputs = entry["inputs"][0], ", ".join(f"`{o['name']}` {o['shape']}" for o in entry["outputs"])
    operators = ", ".join(f"{name} ({count})" for name, count in entry["operators"].items())
    important = ", ".join(f"{one['name']} {one['share']:.1%}" for one in entry["importance"][:10])
    return "\n".join(
        [
            f"# {entry['kind']} of the set {document['setId']}",
            "",
            *_verdict(entry["evaluation"]),
            "## What it is",
            "",
            f"- File `{entry['file']}`, {entry['bytes']:,} bytes, SHA-256 `{entry['sha256']}`",
            f"- Input `{inputs['name']}` {inputs['shape']} (-1 is the batch), outputs {outputs}",
            f"- Operators: {operators}; opsets {_pairs(entry['opsets'])}; tested with {entry['testedRuntime']}",
            f"- Parameters: {_pairs(entry['parameters'])}; seeds {entry['seeds']}, averaged in the graph",
            f"- Made with {_pairs(entry['libraries'])}",
            f"- Calibrated by temperature {entry['calibration']['temperature']:.3f}, inside the graph",
            f"- Most used features: {important}",
            "",
            *_made_from(document),
            *_figures(entry["evaluation"], entry["outOfFoldLogLoss"]),
            "## Limits",
            "",
            entry["limits"],
            "",
            f"Licence: {entry['licence']}",
            "",
        ]
    )


def _ensemble_card(document: dict) -> str:
    ensemble = document["ensemble"]
    weights = ", ".join(f"{name} {weight:.3f}" for name, weight in ensemble["weights"].items())
    return "\n".join(
        [
            f"# Ensemble of the set {document['setId']}",
            "",
            *_verdict(ensemble["evaluation"]),
            f"Log-opinion pool, weights fitted out of fold: {weights}; temperature {ensemble['temperature']:.3f}.",
            "",
            *_made_from(document),
            *_figures(ensemble["evaluation"], ensemble["outOfFoldLogLoss"]),
            f"Licence: {document['licence']}",
            "",
        ]
    )


def _verdict(evaluation: dict | None) -> list[str]:
    if evaluation is None:
        return ["**Verdict: not examined yet.**", ""]
    return [f"**Verdict: {evaluation['verdict']}.**", ""]


def _made_from(document: dict) -> list[str]:
    label, validation, splits = document["label"], document["validation"], document["splits"]
    files = ", ".join(f"{one['symbol']} ({one['file']})" for one in document["data"])
    overfitting = validation["probabilityOfOverfitting"]
    return [
        "## Made from",
        "",
        f"- {len(document['features']['names'])} features of closed {document['timeframe']} bars "
        f"(set `{document['features']['setHash'][:16]}`)",
        f"- Label: triple barrier, {label['horizonBars']} bars, {label['barrierSigma']} standard deviations, at least "
        f"{label['costMultiple']} times the round trip's cost of {label['roundTripCost']:.2%}, entry at the next open",
        *(
            f"- {name}: {splits[name]['from'][:10]} to {splits[name]['to'][:10]}, {splits[name]['samples']:,} samples"
            for name in ("train", "validation", "test")
        ),
        f"- {validation['scheme']}; {validation['folds']} folds, {validation['trials']} trials in all, probability of "
        f"overfitting {'not known' if overfitting is None else f'{overfitting:.2f}'}",
        f"- Valid from {document['validFrom'][:10]} until {document['validUntil'][:10]}",
        f"- Data: {files}",
        "",
    ]


def _figures(evaluation: dict | None, out_of_fold: float) -> list[str]:
    if evaluation is None:
        return []
    overall, policy = evaluation["overall"], evaluation["policy"]
    head = ["period or symbol", "samples (effective)", "log-loss", "prior's", "AUC (95 %)", "ECE", "rank IC"]
    grouped = [("test", overall)]
    grouped += [(one["key"], one["figures"]) for one in [*evaluation["byYear"], *evaluation["bySymbol"]]]
    return [
        "## Figures on the test period, which was not trained on",
        "",
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(_row(key, figures)) + " |" for key, figures in grouped),
        "",
        f"Standard error of the log-loss difference {overall['logLossStandardError']:.4f}, "
        f"balanced accuracy {_number(overall['balancedAccuracy'])}, Brier {overall['brier']:.4f}. "
        f"Out of fold over the walk-forward: log-loss {out_of_fold:.4f}.",
        "",
        f"Traded after costs where the expected move pays them: {policy['trades']} trades, return "
        f"{policy['returnPct']:.2f} %, Sharpe {_number(policy['sharpe'])} (deflated "
        f"{_number(policy['deflatedSharpe'])}), drawdown {policy['maxDrawdownPct']:.2f} %, turnover "
        f"{policy['turnoverPerDay']:.3f} a day; buy and hold {policy['buyAndHoldReturnPct']:.2f} % with drawdown "
        f"{policy['buyAndHoldMaxDrawdownPct']:.2f} %, 24-hour momentum {policy['momentumReturnPct']:.2f} %.",
        "",
    ]


def _row(key: str, figures: dict) -> list[str]:
    auc = figures["auc"]
    interval = "-" if auc is None else f"{auc['value']:.3f} ({auc['low']:.3f}-{auc['high']:.3f})"
    return [
        key,
        f"{figures['samples']:,} ({figures['effectiveSamples']:,.0f})",
        f"{figures['logLoss']:.4f}",
        f"{figures['priorLogLoss']:.4f}",
        interval,
        f"{figures['ece']:.4f}",
        _number(figures["rankIc"]),
    ]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _pairs(values: dict) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())
