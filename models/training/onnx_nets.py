"""The nets as ONNX, operator by operator as in `nets.py`, with the scaling, the average over seeds and the
temperature inside the graph. Only the batch axis is dynamic."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from .nets import ATTENTION_HEADS, CLIP, HIDDEN, WIDTH, Scaling
from .onnx_trees import model


class Graph:
    """Collects nodes and constants; every tensor gets a name of its own."""

    def __init__(self):
        self.nodes, self.constants, self._count = [], [], 0

    def constant(self, value) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def op(self, kind: str, *inputs: str, outputs: int = 1, **attributes):
        self._count += 1
        names = [f"t{self._count}_{i}" if outputs > 1 else f"t{self._count}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names if outputs > 1 else names[0]

    def floats(self, value) -> str:
        return self.constant(np.asarray(value, np.float32))

    def ints(self, *value: int) -> str:
        return self.constant(np.asarray(value, np.int64))

    def dense(self, x: str, layer) -> str:
        return self.op("Add", self.op("MatMul", x, self.floats(layer["w"])), self.floats(layer["b"]))

    def norm(self, x: str, layer) -> str:
        """LayerNormalization as an operator of opset 17."""
        scale, shift = self.floats(layer["scale"]), self.floats(layer["shift"])
        return self.op("LayerNormalization", x, scale, shift, axis=-1, epsilon=1e-5)


def graph(kind: str, seeds: list, scaling: Scaling, length: int, temperature: float):
    """The ONNX model: `features` float32 [-1, T, F] to `probabilities` and `quantiles` float32 [-1, 3]."""
    g = Graph()
    scaled = _standardise(g, scaling)
    parts = [{"lstm": _lstm, "transformer": _transformer}[kind](g, scaled, p, length) for p in seeds]
    share = g.floats([1 / len(seeds)])
    logits, quantiles = (
        g.op("Mul", g.op("Sum", *[part[which] for part in parts]), share) for which in (0, 1)
    )
    tempered = g.op("Div", logits, g.floats([temperature]))
    g.nodes.append(helper.make_node("Softmax", [tempered], ["probabilities"], axis=1))
    g.nodes.append(helper.make_node("Identity", [quantiles], ["quantiles"]))
    features = len(scaling.mean)
    made = helper.make_graph(
        g.nodes,
        kind,
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", length, features])],
        [
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", 3]),
            helper.make_tensor_value_info("quantiles", TensorProto.FLOAT, ["batch", 3]),
        ],
        g.constants,
    )
    return model(made)


def _standardise(g: Graph, scaling: Scaling) -> str:
    z = g.op("Div", g.op("Sub", "features", g.floats(scaling.mean)), g.floats(scaling.std))
    filled = g.op("Where", g.op("IsNaN", z), g.floats([0]), z)
    return g.op("Clip", filled, g.floats(-CLIP), g.floats(CLIP))


def _heads(g: Graph, state: str, p) -> tuple[str, str]:
    raw = g.dense(state, p["quantiles"])
    first, middle, last = g.op("Split", raw, g.ints(1, 1, 1), outputs=3, axis=1)
    low = g.op("Sub", middle, g.op("Softplus", first))
    high = g.op("Add", middle, g.op("Softplus", last))
    return g.dense(state, p["logits"]), g.op("Concat", low, middle, high, axis=1)


def _lstm(g: Graph, scaled: str, p, length: int) -> tuple[str, str]:
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
    return _heads(g, g.norm(g.op("Squeeze", hidden, g.ints(0)), p["norm"]), p)


def _transformer(g: Graph, scaled: str, p, length: int) -> tuple[str, str]:
    state = g.op("Add", g.dense(scaled, p["project"]), g.floats(p["position"]))
    heads = g.ints(0, length, ATTENTION_HEADS, WIDTH // ATTENTION_HEADS)
    for block in p["blocks"]:
        qkv = g.dense(g.norm(state, block["norm1"]), block["qkv"])
        q, k, v = g.op("Split", qkv, g.ints(WIDTH, WIDTH, WIDTH), outputs=3, axis=2)
        q, v = (g.op("Transpose", g.op("Reshape", x, heads), perm=[0, 2, 1, 3]) for x in (q, v))
        k = g.op("Transpose", g.op("Reshape", k, heads), perm=[0, 2, 3, 1])
        scale = g.floats([1 / np.sqrt(WIDTH // ATTENTION_HEADS)])
        attention = g.op("Softmax", g.op("Mul", g.op("MatMul", q, k), scale), axis=-1)
        mixed = g.op("Transpose", g.op("MatMul", attention, v), perm=[0, 2, 1, 3])
        mixed = g.op("Reshape", mixed, g.ints(0, length, WIDTH))
        state = g.op("Add", state, g.dense(mixed, block["out"]))
        inner = g.op("Relu", g.dense(g.norm(state, block["norm2"]), block["up"]))
        state = g.op("Add", state, g.dense(inner, block["down"]))
    last = g.op("Gather", state, g.constant(np.asarray(length - 1, np.int64)), axis=1)
    return _heads(g, g.norm(last, p["norm"]), p)
