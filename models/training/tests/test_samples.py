import numpy as np
import pytest

from .. import config, dataset, folds
from .made_up import BEGIN, HOUR, settings, table


def sampled(tables=None, stride=1):
    return dataset.samples(tables or [table(0), table(1)], settings(), 8, stride)


def test_no_label_known_after_the_border_teaches():
    samples = sampled()
    for fold in folds.walk_forward(samples, settings()):
        border = samples.time[fold.test].min()
        assert samples.end[fold.train].max() <= border - 24 * HOUR
        assert not set(fold.train) & set(fold.test)


def test_every_fold_is_the_same_period_for_all_symbols():
    samples = sampled()
    for fold in folds.walk_forward(samples, settings()):
        first, second = (samples.time[fold.test][samples.table[fold.test] == number] for number in (0, 1))
        assert abs(first.min() - second.min()) <= HOUR


def test_a_window_with_a_hole_in_it_is_no_sample():
    one = table()
    time = one.time.copy()
    time[500:] += HOUR
    holed = dataset.samples([dataset.dataclasses.replace(one, time=time)], settings(), 8, 1)
    assert not set(range(500, 507)) & set(holed.row.tolist())
    assert {499, 507} <= set(holed.row.tolist())


def test_weights_are_one_on_average_and_less_where_labels_overlap():
    assert sampled().weight.mean() == pytest.approx(1)
    one = table()
    uniqueness = dataset.uniqueness(one, HOUR)
    assert (uniqueness[one.label >= 0] > 0).all() and (uniqueness <= 1).all()
    alone = dataset.dataclasses.replace(one, label=np.where(np.arange(1200) == 50, one.label, -1).astype(np.int8))
    assert dataset.uniqueness(alone, HOUR)[50] == 1


def test_two_series_of_one_coin_count_as_one():
    spot, perpetual, other = table(0), table(2), table(1)
    samples = dataset.samples([spot, perpetual, other], settings(), 8, 1)
    by_table = [samples.weight[samples.table == number].sum() for number in range(3)]
    assert by_table[0] + by_table[1] == pytest.approx(by_table[2], rel=0.1)


def test_samples_ascend_in_time():
    assert (np.diff(sampled().time) >= 0).all() and sampled().time[0] >= BEGIN


def test_a_configuration_with_an_unknown_key_is_refused(tmp_path):
    path = tmp_path / "c.toml"
    path.write_text('colour = "red"\n')
    with pytest.raises(ValueError, match="colour"):
        config.load(path)
