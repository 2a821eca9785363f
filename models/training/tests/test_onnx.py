"""What the converted graphs answer is what the training libraries answer."""

import numpy as np
import onnx
import onnxruntime
import pytest

from .. import calibration, dataset, nets, onnx_nets, onnx_trees, trees
from .made_up import settings, table

PARAMETERS = {"xgboost": {"max_depth": 4, "rounds": 20}, "lightgbm": {"num_leaves": 9, "rounds": 20}}


def run(model, x):
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, {"features": x})


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
@pytest.mark.parametrize("with_missing", [False, True])
def test_tree_graphs_answer_as_the_library_does(kind, with_missing):
    one = table(rows=4000)
    x, rows = one.features.copy(), one.label >= 0
    if with_missing:
        x[::9, 2] = np.nan
    weight = np.ones(rows.sum())
    boosters = [trees.FIT[kind](x[rows], one.label[rows], weight, PARAMETERS[kind], seed) for seed in (1, 2)]
    model = onnx_trees.graph(kind, boosters, x.shape[1], 1.3)
    exact = np.repeat(x[:1], 40, axis=0)
    for row, (feature, threshold) in enumerate(onnx_trees.split_points(model, 40)):
        exact[row, feature] = np.float32(threshold)
    missing = x[:50].copy()
    missing[:, ::2] = np.nan
    shown = np.concatenate([x[:500], exact, missing])
    expected = calibration.softmax(np.mean([trees.MARGINS[kind](b, shown) for b in boosters], axis=0) / 1.3)
    (found,) = run(model, shown)
    assert np.abs(found - expected).max() < 1e-5
    (alone,) = run(model, shown[:1])
    assert np.abs(alone - expected[:1]).max() < 1e-5


@pytest.mark.parametrize("kind", ["lstm", "transformer"])
def test_net_graphs_answer_as_the_trained_nets_do(kind):
    one, chosen = table(rows=600), settings()
    scaling = nets.Scaling.of(one.features)
    windows = nets.Windows([one], scaling, 8)
    samples = dataset.samples([one], chosen, 8, 5)
    seeds = [nets.fit(kind, windows, samples, chosen.lstm[0], 8, seed) for seed in (1, 2)]
    model = onnx_nets.graph(kind, seeds, scaling, 8, 0.9)
    raw = np.stack([one.features[row - 7 : row + 1] for row in samples.row[:20]])
    raw[3, 2, :] = np.nan
    raw[4, :, 1] = 1e6
    scaled = np.stack([scaling.apply(window) for window in raw])
    outputs = [nets.run_windows(kind, net, scaled) for net in seeds]
    logits, quantiles = (np.mean([output[i] for output in outputs], axis=0) for i in (0, 1))
    found, found_quantiles = run(model, raw)
    assert np.abs(found - calibration.softmax(logits / 0.9)).max() < 1e-5
    assert np.abs(found_quantiles - quantiles).max() < 1e-4
    assert (np.diff(found_quantiles, axis=1) > 0).all()


def test_a_rounded_threshold_says_the_same_of_every_float32():
    for threshold in np.random.default_rng(0).normal(size=1000):
        near = np.float32(threshold)
        for x in (near, np.nextafter(near, np.float32(9)), np.nextafter(near, np.float32(-9))):
            assert (float(x) <= threshold) == (float(x) <= onnx_trees.round_down(threshold))


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
def test_the_same_seed_gives_the_same_bytes(kind):
    one = table(rows=2000)
    rows = one.label >= 0

    def made():
        booster = trees.FIT[kind](one.features[rows], one.label[rows], np.ones(rows.sum()), PARAMETERS[kind], 3)
        return onnx_trees.graph(kind, [booster], 6, 1.0).SerializeToString(deterministic=True)

    assert made() == made()
