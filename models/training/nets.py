"""The LSTM and the Transformer in JAX: from a window of T rows to three logits and three return quantiles.

The graphs are those that `onnx_nets.py` writes, operator by operator; `standardise` is inside them.
"""

from __future__ import annotations

import dataclasses
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax

from .config import NetSettings
from .dataset import Samples, Table

CLIP = 8.0
PROJECTED, HIDDEN = 48, 64
WIDTH, LAYERS, ATTENTION_HEADS, FEED_FORWARD = 64, 2, 4, 128
QUANTILES = (0.1, 0.5, 0.9)
QUANTILE_LOSS_SHARE = 0.5


@dataclasses.dataclass(frozen=True)
class Scaling:
    """Mean and standard deviation of each feature over the training rows, float32 [F]."""

    mean: np.ndarray
    std: np.ndarray

    @staticmethod
    def of(x: np.ndarray) -> Scaling:
        mean, std = np.nanmean(x, axis=0, dtype=np.float64), np.nanstd(x, axis=0, dtype=np.float64)
        return Scaling(mean.astype(np.float32), np.where(std > 1e-9, std, 1).astype(np.float32))

    def apply(self, x: np.ndarray) -> np.ndarray:
        z = (x - self.mean) / self.std
        return np.clip(np.where(np.isnan(z), np.float32(0), z), -CLIP, CLIP).astype(np.float32)


def _dense(key, rows: int, columns: int):
    limit = np.sqrt(6 / (rows + columns))
    return {"w": jax.random.uniform(key, (rows, columns), minval=-limit, maxval=limit), "b": jnp.zeros(columns)}


def _norm(width: int):
    return {"scale": jnp.ones(width), "shift": jnp.zeros(width)}


def _apply_dense(layer, x):
    return x @ layer["w"] + layer["b"]


def _apply_norm(layer, x):
    mean = x.mean(-1, keepdims=True)
    centred = x - mean
    variance = (centred * centred).mean(-1, keepdims=True)
    return centred / jnp.sqrt(variance + 1e-5) * layer["scale"] + layer["shift"]


def _drop(key, x, rate):
    if key is None:
        return x
    return jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0)


def _heads(parameters, state):
    logits = _apply_dense(parameters["logits"], state)
    raw = _apply_dense(parameters["quantiles"], state)
    middle = raw[:, 1:2]
    # Distances above 0: quantiles never cross.
    low, high = middle - jax.nn.softplus(raw[:, 0:1]), middle + jax.nn.softplus(raw[:, 2:3])
    return logits, jnp.concatenate([low, middle, high], axis=1)


def init_lstm(seed: int, features: int, length: int):
    keys = jax.random.split(jax.random.PRNGKey(seed), 5)
    forget = jnp.zeros(4 * HIDDEN).at[2 * HIDDEN : 3 * HIDDEN].set(1)
    return {
        "project": _dense(keys[0], features, PROJECTED),
        "input": _dense(keys[1], PROJECTED, 4 * HIDDEN) | {"b": forget},
        "recurrent": _dense(keys[2], HIDDEN, 4 * HIDDEN),
        "norm": _norm(HIDDEN),
        "logits": _dense(keys[3], HIDDEN, 3),
        "quantiles": _dense(keys[4], HIDDEN, 3),
    }


def apply_lstm(parameters, x, key, dropout):
    """x float32 [B, T, F], standardised. Gates in ONNX's order: input, output, forget, cell."""
    keys = [None, None] if key is None else jax.random.split(key, 2)
    projected = _drop(keys[0], _apply_dense(parameters["project"], x), dropout)
    gates = _apply_dense(parameters["input"], projected)

    def step(carry, gate):
        hidden, cell = carry
        gate = gate + hidden @ parameters["recurrent"]["w"]
        i, o, f, c = jnp.split(gate, 4, axis=-1)
        cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(c)
        return (jax.nn.sigmoid(o) * jnp.tanh(cell), cell), None

    zeros = jnp.zeros((x.shape[0], HIDDEN))
    (hidden, _), _ = jax.lax.scan(step, (zeros, zeros), jnp.swapaxes(gates, 0, 1))
    return _heads(parameters, _drop(keys[1], _apply_norm(parameters["norm"], hidden), dropout))


def init_transformer(seed: int, features: int, length: int):
    keys = iter(jax.random.split(jax.random.PRNGKey(seed), 4 + 4 * LAYERS))
    blocks = [
        {
            "norm1": _norm(WIDTH),
            "qkv": _dense(next(keys), WIDTH, 3 * WIDTH),
            "out": _dense(next(keys), WIDTH, WIDTH),
            "norm2": _norm(WIDTH),
            "up": _dense(next(keys), WIDTH, FEED_FORWARD),
            "down": _dense(next(keys), FEED_FORWARD, WIDTH),
        }
        for _ in range(LAYERS)
    ]
    return {
        "project": _dense(next(keys), features, WIDTH),
        "position": 0.02 * jax.random.normal(next(keys), (length, WIDTH)),
        "blocks": blocks,
        "norm": _norm(WIDTH),
        "logits": _dense(next(keys), WIDTH, 3),
        "quantiles": _dense(next(keys), WIDTH, 3),
    }


def apply_transformer(parameters, x, key, dropout):
    """x float32 [B, T, F], standardised. Pre-norm blocks; the last bar's state answers."""
    count = 1 + 2 * LAYERS
    keys = [None] * count if key is None else jax.random.split(key, count)
    state = _drop(keys[0], _apply_dense(parameters["project"], x) + parameters["position"], dropout)
    batch, length, _ = x.shape
    for number, block in enumerate(parameters["blocks"]):
        qkv = _apply_dense(block["qkv"], _apply_norm(block["norm1"], state))
        q, k, v = (
            part.reshape(batch, length, ATTENTION_HEADS, -1).transpose(0, 2, 1, 3)
            for part in jnp.split(qkv, 3, axis=-1)
        )
        scores = jax.nn.softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(WIDTH // ATTENTION_HEADS), axis=-1)
        mixed = (scores @ v).transpose(0, 2, 1, 3).reshape(batch, length, WIDTH)
        state = state + _drop(keys[1 + 2 * number], _apply_dense(block["out"], mixed), dropout)
        inner = jax.nn.relu(_apply_dense(block["up"], _apply_norm(block["norm2"], state)))
        state = state + _drop(keys[2 + 2 * number], _apply_dense(block["down"], inner), dropout)
    return _heads(parameters, _apply_norm(parameters["norm"], state[:, -1, :]))


INIT = {"lstm": init_lstm, "transformer": init_transformer}
APPLY = {"lstm": apply_lstm, "transformer": apply_transformer}


def _loss(apply, dropout, parameters, key, x, label, weight, target):
    logits, quantiles = apply(parameters, x, key, dropout)
    cross_entropy = optax.softmax_cross_entropy_with_integer_labels(logits, label)
    error = target[:, None] - quantiles
    levels = jnp.asarray(QUANTILES)
    pinball = jnp.maximum(levels * error, (levels - 1) * error).mean(-1)
    return (weight * (cross_entropy + QUANTILE_LOSS_SHARE * pinball)).mean()


class Windows:
    """Windows of T standardised rows, cut out when a batch asks for them."""

    def __init__(self, tables: list[Table], scaling: Scaling, length: int):
        self._scaled = [scaling.apply(table.features) for table in tables]
        self._back = np.arange(length) - (length - 1)

    def of(self, samples: Samples) -> np.ndarray:
        """float32 [m, T, F]."""
        rows = samples.row[:, None] + self._back
        out = np.empty((*rows.shape, self._scaled[0].shape[1]), np.float32)
        for number, scaled in enumerate(self._scaled):
            mine = samples.table == number
            if mine.any():
                out[mine] = scaled[rows[mine]]
        return out


def fit(kind: str, windows: Windows, samples: Samples, settings: NetSettings, length: int, seed: int):
    """Trains one net for a fixed number of epochs; returns its parameters as NumPy arrays."""
    features = windows.of(samples.take(np.arange(1))).shape[-1]
    parameters = INIT[kind](seed, features, length)
    steps = settings.epochs * (len(samples) // settings.batch)
    rate = optax.cosine_onecycle_schedule(max(steps, 2), settings.learning_rate)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=settings.weight_decay))
    state = optimiser.init(parameters)
    loss = partial(_loss, APPLY[kind], settings.dropout)

    @jax.jit
    def step(parameters, state, key, x, label, weight, target):
        value, gradient = jax.value_and_grad(loss)(parameters, key, x, label, weight, target)
        updates, state = optimiser.update(gradient, state, parameters)
        return optax.apply_updates(parameters, updates), state, value

    shuffle = np.random.default_rng(seed)
    key = jax.random.PRNGKey(seed + 1000)
    for _ in range(settings.epochs):
        order = shuffle.permutation(len(samples))
        for begin in range(0, len(order) - settings.batch + 1, settings.batch):
            batch = samples.take(np.sort(order[begin : begin + settings.batch]))
            key, used = jax.random.split(key)
            parameters, state, _ = step(
                parameters,
                state,
                used,
                windows.of(batch),
                batch.label.astype(np.int32),
                batch.weight.astype(np.float32),
                batch.target,
            )
    return jax.tree.map(np.asarray, parameters)


def predict(kind: str, parameters, windows: Windows, samples: Samples, batch: int = 1024):
    """Logits and quantiles, float64 [m, 3] each."""
    run = jax.jit(lambda p, x: APPLY[kind](p, x, None, 0.0))
    logits, quantiles = [], []
    for begin in range(0, len(samples), batch):
        part = samples.take(np.arange(begin, min(begin + batch, len(samples))))
        one, other = run(parameters, windows.of(part))
        logits.append(np.asarray(one, np.float64))
        quantiles.append(np.asarray(other, np.float64))
    return np.concatenate(logits), np.concatenate(quantiles)


def run_windows(kind: str, parameters, x: np.ndarray):
    """The same for windows already standardised, float32 [m, T, F]."""
    logits, quantiles = jax.jit(lambda p, y: APPLY[kind](p, y, None, 0.0))(parameters, x)
    return np.asarray(logits, np.float64), np.asarray(quantiles, np.float64)
