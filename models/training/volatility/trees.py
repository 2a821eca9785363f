"""XGBoost and LightGBM on what the ridge leaves over: one booster a horizon, one row of features in."""

from __future__ import annotations

import lightgbm
import numpy as np
import xgboost
from onnx import TensorProto, helper, numpy_helper

from .. import onnx_trees
from .linear import Linear

# Fixed: sums in another order would make other files.
THREADS = 1


def fit_xgboost(x, residual, weight, parameters: dict, seed: int) -> xgboost.Booster:
    settings = {
        "objective": "reg:squarederror",
        "tree_method": "hist",
        "max_depth": parameters["max_depth"],
        "eta": parameters["eta"],
        "min_child_weight": 50,
        "lambda": 10,
        "subsample": 0.7,
        "colsample_bytree": 0.5,
        "max_bin": 128,
        "seed": seed,
        "nthread": THREADS,
    }
    matrix = xgboost.QuantileDMatrix(x, label=residual, weight=weight, max_bin=128, nthread=THREADS)
    return xgboost.train(settings, matrix, num_boost_round=parameters["rounds"])


def fit_lightgbm(x, residual, weight, parameters: dict, seed: int) -> lightgbm.Booster:
    settings = {
        "objective": "regression",
        "learning_rate": parameters["eta"],
        "num_leaves": parameters["num_leaves"],
        "min_data_in_leaf": 150,
        "feature_fraction": 0.5,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 10,
        "max_bin": 127,
        "use_missing": True,
        "deterministic": True,
        "force_row_wise": True,
        "seed": seed,
        "num_threads": THREADS,
        "verbose": -1,
    }
    data = lightgbm.Dataset(x, label=residual, weight=weight)
    return lightgbm.train(settings, data, num_boost_round=parameters["rounds"])


FIT = {"xgboost": fit_xgboost, "lightgbm": fit_lightgbm}
PREDICT = {
    "xgboost": lambda booster, x: booster.predict(xgboost.DMatrix(x)).astype(np.float64),
    "lightgbm": lambda booster, x: booster.predict(x, num_threads=THREADS),
}


def ridge_in_graph(ridges: list[Linear]) -> tuple[list, list]:
    """Nodes and constants: the float32 rows `row` [-1, F] to `ridge` [-1, horizons]. All features, in their order."""
    mean, std = ridges[0].mean, ridges[0].std
    if any(np.any(one.mean != mean) or np.any(one.std != std) for one in ridges):
        raise ValueError("the ridges of one graph must be scaled alike")
    constants = {
        "ridge_mean": mean[None],
        "ridge_std": std[None],
        "ridge_zero": np.zeros(1),
        "ridge_weights": np.stack([one.coefficients for one in ridges], axis=1),
        "ridge_intercepts": np.array([one.intercept for one in ridges])[None],
    }
    nodes = [
        helper.make_node("Sub", ["row", "ridge_mean"], ["ridge_centred"]),
        helper.make_node("Div", ["ridge_centred", "ridge_std"], ["ridge_z"]),
        helper.make_node("IsNaN", ["ridge_z"], ["ridge_missing"]),
        helper.make_node("Where", ["ridge_missing", "ridge_zero", "ridge_z"], ["ridge_filled"]),
        helper.make_node("MatMul", ["ridge_filled", "ridge_weights"], ["ridge_sum"]),
        helper.make_node("Add", ["ridge_sum", "ridge_intercepts"], ["ridge"]),
    ]
    return nodes, [numpy_helper.from_array(value.astype(np.float32), name) for name, value in constants.items()]


def graph(kind: str, boosters: list, ridges: list[Linear]):
    """`features` float32 [-1, F] to `log_variance` float32 [-1, horizons]: the ridge and what the trees add to it."""
    nodes, number, base = onnx_trees.Nodes(), 0, []
    add = {"xgboost": onnx_trees.add_xgboost, "lightgbm": onnx_trees.add_lightgbm}[kind]
    for target, booster in enumerate(boosters):
        number, margin = add(nodes, booster, number, 1.0, targets=1, first=target)
        base.append(float(margin[0]))
    ridge_nodes, constants = ridge_in_graph(ridges)
    constants.append(numpy_helper.from_array(np.float32(base)[None], "base"))
    features, targets = len(ridges[0].names), len(boosters)
    made = helper.make_graph(
        [
            onnx_trees.regressor(nodes, "leaves", targets),
            helper.make_node("Identity", ["features"], ["row"]),
            *ridge_nodes,
            helper.make_node("Add", ["leaves", "base"], ["margins"]),
            helper.make_node("Add", ["margins", "ridge"], ["log_variance"]),
        ],
        kind,
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", features])],
        [helper.make_tensor_value_info("log_variance", TensorProto.FLOAT, ["batch", targets])],
        constants,
    )
    return onnx_trees.model(made)


def gains(kind: str, boosters: list, count: int) -> np.ndarray:
    """Share of the gain by feature, over the horizons."""
    total = np.zeros(count)
    for booster in boosters:
        if kind == "lightgbm":
            gain = booster.feature_importance("gain")
        else:
            gain = np.zeros(count)
            for name, value in booster.get_score(importance_type="total_gain").items():
                gain[int(name[1:])] += value
        total += gain / max(gain.sum(), 1e-12) / len(boosters)
    return total
