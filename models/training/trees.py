"""XGBoost and LightGBM: the margins (before softmax) of three classes from one row of features."""

from __future__ import annotations

import lightgbm
import numpy as np
import xgboost

# One number of threads, fixed: sums in another order would make other files.
THREADS = 2
BLANKED_SHARE = 0.05


def fit_xgboost(x, label, weight, parameters: dict, seed: int) -> xgboost.Booster:
    settings = {
        "objective": "multi:softprob",
        "num_class": 3,
        "tree_method": "hist",
        "max_depth": parameters["max_depth"],
        "eta": 0.03,
        "min_child_weight": 50,
        "lambda": 10,
        "subsample": 0.7,
        "colsample_bytree": 0.5,
        "max_bin": 128,
        "seed": seed,
        "nthread": THREADS,
    }
    matrix = xgboost.QuantileDMatrix(x, label=label, weight=weight, max_bin=128, nthread=THREADS)
    return xgboost.train(settings, matrix, num_boost_round=parameters["rounds"])


def margins_xgboost(booster: xgboost.Booster, x) -> np.ndarray:
    return booster.predict(xgboost.DMatrix(x), output_margin=True).astype(np.float64)


def fit_lightgbm(x, label, weight, parameters: dict, seed: int) -> lightgbm.Booster:
    settings = {
        "objective": "multiclass",
        "num_class": 3,
        "learning_rate": 0.03,
        "num_leaves": parameters["num_leaves"],
        "min_data_in_leaf": 300,
        "feature_fraction": 0.5,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 10,
        "max_bin": 127,
        "use_missing": True,
        "zero_as_missing": False,
        "deterministic": True,
        "force_row_wise": True,
        "seed": seed,
        "num_threads": THREADS,
        "verbose": -1,
    }
    data = lightgbm.Dataset(x, label=label, weight=weight, free_raw_data=True)
    return lightgbm.train(settings, data, num_boost_round=parameters["rounds"])


def margins_lightgbm(booster: lightgbm.Booster, x) -> np.ndarray:
    return booster.predict(x, raw_score=True, num_threads=THREADS)


FIT = {"xgboost": fit_xgboost, "lightgbm": fit_lightgbm}
MARGINS = {"xgboost": margins_xgboost, "lightgbm": margins_lightgbm}


def gains(kind: str, boosters: list, count: int) -> np.ndarray:
    """Share of the gain by feature over all seeds, float64 [F], summing to 1."""
    total = np.zeros(count)
    for booster in boosters:
        if kind == "lightgbm":
            total += booster.feature_importance("gain")
            continue
        scores = booster.get_score(importance_type="total_gain")
        for name, gain in scores.items():
            total[int(name[1:])] += gain
    return total / max(total.sum(), 1e-12)


def blank_context(x: np.ndarray, columns: list[int], seed: int) -> np.ndarray:
    """A copy in which some rows lack the features that compare with bitcoin, as they may when serving."""
    out = x.copy()
    rows = np.random.default_rng(seed).random(len(x)) < BLANKED_SHARE
    out[np.ix_(rows, columns)] = np.nan
    return out
