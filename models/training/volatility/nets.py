"""An LSTM and a Transformer of a few thousand weights on what the ridge leaves over: eight rows, eight hours apart, in;
both horizons out. In JAX; the graph is written operator by operator."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax
from onnx import TensorProto, helper, numpy_helper

from ..nets import CLIP, Scaling
from ..onnx_nets import Graph
from ..onnx_trees import model
from .data import STEPS
from .linear import Linear
from .trees import ridge_in_graph

HIDDEN, WIDTH, HEADS, FEED_FORWARD, TARGETS = 16, 16, 2, 32, 2


def _dense(key, rows: int, columns: int):
    limit = np.sqrt(6 / (rows + columns))
    return {"w": jax.random.uniform(key, (rows, columns), minval=-limit, maxval=limit), "b": jnp.zeros(columns)}


def _apply(layer, x):
    return x @ layer["w"] + layer["b"]


def _head(key, rows: int):
    # It begins with what the ridge says, and nothing added.
    return {"w": jnp.zeros((rows, TARGETS)), "b": jnp.zeros(TARGETS)}


def init_lstm(seed: int, features: int):
    keys = jax.random.split(jax.random.PRNGKey(seed), 4)
    return {
        "project": _dense(keys[0], features, HIDDEN),
        "input": _dense(keys[1], HIDDEN, 4 * HIDDEN),
        "recurrent": _dense(keys[2], HIDDEN, 4 * HIDDEN),
        "head": _head(keys[3], HIDDEN),
    }


def apply_lstm(p, x):
    """Gates in ONNX's order: input, output, forget, cell."""
    projected = _apply(p["project"], x)
    gates_in = _apply(p["input"], projected)

    def step(carry, gates):
        hidden, cell = carry
        i, o, f, c = jnp.split(gates + hidden @ p["recurrent"]["w"], 4, axis=-1)
        cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(c)
        hidden = jax.nn.sigmoid(o) * jnp.tanh(cell)
        return (hidden, cell), None

    start = jnp.zeros((x.shape[0], HIDDEN))
    (hidden, _), _ = jax.lax.scan(step, (start, start), jnp.swapaxes(gates_in, 0, 1))
    return _apply(p["head"], hidden)


def init_transformer(seed: int, features: int):
    keys = jax.random.split(jax.random.PRNGKey(seed), 7)
    return {
        "project": _dense(keys[0], features, WIDTH),
        "position": 0.02 * jax.random.normal(keys[1], (STEPS, WIDTH)),
        "qkv": _dense(keys[2], WIDTH, 3 * WIDTH),
        "out": _dense(keys[3], WIDTH, WIDTH),
        "up": _dense(keys[4], WIDTH, FEED_FORWARD),
        "down": _dense(keys[5], FEED_FORWARD, WIDTH),
        "head": _head(keys[6], WIDTH),
    }


def apply_transformer(p, x):
    state = _apply(p["project"], x) + p["position"]
    batch, length, _ = state.shape
    q, k, v = (
        part.reshape(batch, length, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)
        for part in jnp.split(_apply(p["qkv"], state), 3, axis=-1)
    )
    scores = jax.nn.softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(WIDTH // HEADS), axis=-1)
    state = state + _apply(p["out"], (scores @ v).transpose(0, 2, 1, 3).reshape(batch, length, WIDTH))
    state = state + _apply(p["down"], jax.nn.relu(_apply(p["up"], state)))
    return _apply(p["head"], state[:, -1, :])


INIT = {"lstm": init_lstm, "transformer": init_transformer}
APPLY = {"lstm": apply_lstm, "transformer": apply_transformer}


def fit(kind: str, x: np.ndarray, residual: np.ndarray, weight: np.ndarray, parameters: dict, seed: int):
    """From standardised windows [n, T, F] to the residuals [n, 2]; returns the weights as NumPy arrays."""
    weights = INIT[kind](seed, x.shape[-1])
    batch, epochs = parameters["batch"], parameters["epochs"]
    steps = epochs * (len(x) // batch)
    rate = optax.cosine_onecycle_schedule(max(steps, 2), parameters["learning_rate"])
    optimiser = optax.chain(
        optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=parameters["weight_decay"])
    )
    state = optimiser.init(weights)

    def loss(p, xs, ys, ws):
        return (ws[:, None] * (APPLY[kind](p, xs) - ys) ** 2).mean()

    @partial(jax.jit, donate_argnums=(0, 1))
    def step(p, s, xs, ys, ws):
        updates, s = optimiser.update(jax.grad(loss)(p, xs, ys, ws), s, p)
        return optax.apply_updates(p, updates), s

    shuffle = np.random.default_rng(seed)
    weight = (weight / weight.mean()).astype(np.float32)
    for _ in range(epochs):
        order = shuffle.permutation(len(x))
        for begin in range(0, len(order) - batch + 1, batch):
            chosen = np.sort(order[begin : begin + batch])
            weights, state = step(weights, state, x[chosen], residual[chosen].astype(np.float32), weight[chosen])
    return jax.tree.map(np.asarray, weights)


def predict(kind: str, weights, x: np.ndarray) -> np.ndarray:
    """float64 [n, 2]."""
    run = jax.jit(lambda p, y: APPLY[kind](p, y))
    parts = [np.asarray(run(weights, x[begin : begin + 2048]), np.float64) for begin in range(0, len(x), 2048)]
    return np.concatenate(parts)


def graph(kind: str, weights, scaling: Scaling, ridges: list[Linear]):
    """`features` float32 [-1, T, F] to `log_variance` float32 [-1, 2]: the ridge of the last row and the net's addition."""
    g = Graph()
    z = g.op("Div", g.op("Sub", "features", g.floats(scaling.mean)), g.floats(scaling.std))
    filled = g.op("Where", g.op("IsNaN", z), g.floats([0]), z)
    scaled = g.op("Clip", filled, g.floats(-CLIP), g.floats(CLIP))
    state = {"lstm": _lstm, "transformer": _transformer}[kind](g, scaled, weights)
    added = g.dense(state, weights["head"])
    last = g.op("Gather", "features", g.constant(np.asarray(STEPS - 1, np.int64)), axis=1)
    ridge_nodes, constants = ridge_in_graph(ridges)
    features = len(scaling.mean)
    made = helper.make_graph(
        [
            *g.nodes,
            helper.make_node("Identity", [last], ["row"]),
            *ridge_nodes,
            helper.make_node("Add", [added, "ridge"], ["log_variance"]),
        ],
        kind,
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", STEPS, features])],
        [helper.make_tensor_value_info("log_variance", TensorProto.FLOAT, ["batch", TARGETS])],
        [*g.constants, *constants],
    )
    return model(made)


def _lstm(g: Graph, scaled: str, p) -> str:
    projected = g.op("Transpose", g.dense(scaled, p["project"]), perm=[1, 0, 2])
    bias = np.concatenate([p["input"]["b"], np.zeros(4 * HIDDEN)])
    _, hidden, _ = g.op(
        "LSTM",
        projected,
        g.floats(p["input"]["w"].T[None]),
        g.floats(p["recurrent"]["w"].T[None]),
        g.floats(bias[None]),
        outputs=3,
        hidden_size=HIDDEN,
    )
    return g.op("Squeeze", hidden, g.ints(0))


def _transformer(g: Graph, scaled: str, p) -> str:
    state = g.op("Add", g.dense(scaled, p["project"]), g.floats(p["position"]))
    heads = g.ints(0, STEPS, HEADS, WIDTH // HEADS)
    q, k, v = g.op("Split", g.dense(state, p["qkv"]), g.ints(WIDTH, WIDTH, WIDTH), outputs=3, axis=2)
    q, v = (g.op("Transpose", g.op("Reshape", part, heads), perm=[0, 2, 1, 3]) for part in (q, v))
    k = g.op("Transpose", g.op("Reshape", k, heads), perm=[0, 2, 3, 1])
    share = g.floats([1 / np.sqrt(WIDTH // HEADS)])
    attention = g.op("Softmax", g.op("Mul", g.op("MatMul", q, k), share), axis=-1)
    mixed = g.op("Transpose", g.op("MatMul", attention, v), perm=[0, 2, 1, 3])
    mixed = g.op("Reshape", mixed, g.ints(0, STEPS, WIDTH))
    state = g.op("Add", state, g.dense(mixed, p["out"]))
    inner = g.op("Relu", g.dense(state, p["up"]))
    state = g.op("Add", state, g.dense(inner, p["down"]))
    return g.op("Gather", state, g.constant(np.asarray(STEPS - 1, np.int64)), axis=1)
