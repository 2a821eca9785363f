import numpy as np
import pytest

from .. import calibration, nets, overfitting, reference, trials
from .made_up import table


def test_the_temperature_undoes_overconfidence():
    random = np.random.default_rng(0)
    honest = random.normal(size=(5000, 3))
    label = np.array([random.choice(3, p=p) for p in calibration.softmax(honest)])
    assert calibration.temperature(honest * 3, label) == pytest.approx(3, rel=0.1)


def test_the_pool_is_no_worse_than_its_best_member_and_ignores_noise():
    random = np.random.default_rng(1)
    logits = random.normal(size=(3000, 3))
    label = np.array([random.choice(3, p=p) for p in calibration.softmax(logits)])
    members = {"good": calibration.softmax(logits), "noise": calibration.softmax(random.normal(size=(3000, 3)))}
    weights, tempered = calibration.pool(members, label)
    pooled = calibration.log_loss(calibration.pooled(members, weights, tempered), label)
    assert pooled <= calibration.log_loss(members["good"], label) + 1e-9
    assert weights["noise"] < 0.1 and sum(weights.values()) == pytest.approx(1)


def test_the_luckiest_of_many_coin_tossers_is_called_overfitted():
    random = np.random.default_rng(2)
    assert overfitting.probability(random.normal(size=(500, 20))) > 0.3
    skilled = random.normal(size=(500, 20))
    skilled[:, 3] += 0.5
    assert overfitting.probability(skilled) < 0.05
    assert overfitting.probability(skilled[:, :1]) is None


def test_statistics_have_one_share_more_than_edges():
    one = table()
    x = one.features.copy()
    x[:, 1] = 0
    for entry in reference.statistics(one.names, x, nets.Scaling.of(x)):
        assert len(entry["binShares"]) == len(entry["binEdges"]) + 1
        assert sum(entry["binShares"]) == pytest.approx(1)


def test_a_trial_is_counted_once(tmp_path):
    row = {"set_id": "s", "kind": "k", "parameters": {"a": 1}, "folds": 2, "samples": 3}
    row |= {"out_of_fold_log_loss": 0.5, "prior_log_loss": 0.6}
    path = tmp_path / "trials.csv"
    assert trials.record(path, [row, row | {"kind": "other"}]) == 2
    assert trials.record(path, [row]) == 2
