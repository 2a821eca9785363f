"""The volatility pipeline's own arithmetic, and that its graphs answer as the libraries do."""

import dataclasses

import numpy as np
import onnxruntime
import pytest

from ..nets import Scaling
from ..volatility import judge, linear, nets, pool, trees, trials
from ..volatility.data import STEPS

NAMES = ["var_24", "var_168", "var_720", "btc_var_24"]
COLUMNS = {name: i for i, name in enumerate(NAMES)}
RANDOM = np.random.default_rng(0)
X = RANDOM.normal(-10, 1, (1200, 4)).astype(np.float32)
Y = 0.5 * X[:, 0] + 0.3 * X[:, 1] - 2 + 0.1 * RANDOM.normal(size=1200)


def ridges():
    first = linear.fit(NAMES, COLUMNS, X, Y, np.ones(len(X)), 1.0)
    return [first, linear.fit(NAMES, COLUMNS, X[:800], Y[:800] + 1, np.ones(800), 1.0, first)]


def answers(model, x):
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, {"features": x})[0]


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
def test_tree_graphs_answer_as_ridge_and_library_do_together(kind):
    parameters = {"max_depth": 3, "num_leaves": 7, "eta": 0.1, "rounds": 15}
    fits = ridges()
    residuals = [np.sin(X[:, 2]), np.cos(X[:, 3])]
    boosters = [trees.FIT[kind](X, one, np.ones(len(X)), parameters, 1) for one in residuals]
    x = X[:200].copy()
    x[::7, 3] = np.nan
    expected = np.stack([r(COLUMNS, x) + trees.PREDICT[kind](b, x) for r, b in zip(fits, boosters)], axis=1)
    assert np.abs(answers(trees.graph(kind, boosters, fits), x) - expected).max() < 1e-4


@pytest.mark.parametrize("kind", ["lstm", "transformer"])
def test_net_graphs_answer_as_ridge_and_net_do_together(kind):
    windows = RANDOM.normal(-10, 1, (600, STEPS, 4)).astype(np.float32)
    windows[3, 2, 1] = np.nan
    scaling = Scaling.of(X)
    residual = np.stack([windows[:, -2, 0], windows[:, 0, 1]], axis=1) / 10
    residual[3] = 0
    parameters = {"batch": 64, "epochs": 2, "learning_rate": 0.01, "weight_decay": 0.01}
    weights = nets.fit(kind, scaling.apply(windows), residual, np.ones(600), parameters, 1)
    fits = ridges()
    expected = np.stack([one(COLUMNS, windows[:, -1]) for one in fits], axis=1)
    added = nets.predict(kind, weights, scaling.apply(windows))
    assert np.abs(added).max() > 1e-3
    found = answers(nets.graph(kind, weights, scaling, fits), windows)
    assert np.abs(found - expected - added).max() < 1e-4


def test_ridges_of_one_graph_that_are_scaled_differently_are_refused():
    first, second = ridges()
    with pytest.raises(ValueError, match="scaled alike"):
        trees.ridge_in_graph([first, dataclasses.replace(second, mean=second.mean + 1e-3)])


def test_qlike_is_zero_where_the_forecast_was_right_and_worse_for_too_low_than_for_too_high():
    y = np.zeros(3)
    right, low, high = judge.qlike(y, np.array([0.0, -1.0, 1.0]))
    assert right == 0 and low == pytest.approx(np.e - 2) and high == pytest.approx(1 / np.e)


def test_an_interval_counts_a_block_of_days_once_however_many_coins_it_has():
    day = 7 * judge.DAY_MS
    time = np.arange(40) * day
    value = np.where(np.arange(40) % 2, 1.0, 0.0)
    once = judge.block_interval(value, time, 7)
    many = judge.block_interval(np.repeat(value, 8), np.repeat(time, 8), 7)
    assert once == pytest.approx(many)


def test_the_scale_makes_the_mean_ratio_one():
    y = RANDOM.normal(0, 1, 5000)
    added = judge.scale(y, np.zeros(5000), np.ones(5000))
    assert np.mean(np.exp(y - added)) == pytest.approx(1, abs=1e-9)


def test_a_model_that_does_not_beat_the_ridge_with_its_interval_has_no_weight():
    y = RANDOM.normal(0, 1, 3000)
    time = np.arange(3000) * judge.DAY_MS // 10
    said = {kind: y + 0.5 * RANDOM.normal(size=3000) for kind in pool.MEMBERS}
    said["lightgbm"] = y + 0.1 * RANDOM.normal(size=3000)
    said["lstm"] = y + 1.5 * RANDOM.normal(size=3000)
    found = pool.weights(said, y, time, 7)
    assert found["lstm"] == 0 and found["lightgbm"] > 0.5
    assert sum(found.values()) == pytest.approx(1)


def test_trials_are_added_and_never_changed(tmp_path):
    row = {"kind": "ridge", "horizon_bars": 24, "parameters": {}, "folds": 8, "samples": 9, "qlike": 0.3, "formula_qlike": 0.4}
    path = tmp_path / "trials.csv"
    assert trials.append(path, [row]) == 1
    first = path.read_text()
    assert trials.append(path, [row]) == 1
    assert trials.append(path, [{**row, "qlike": 0.2}]) == 2
    assert path.read_text().startswith(first)
    assert path.read_text().splitlines()[-1].startswith("2,ridge")
