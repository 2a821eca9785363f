"""Tree ensembles as ONNX: one TreeEnsembleRegressor with three targets, an explicit Add for the base margins and an
explicit Softmax with the temperature. (A classifier node would bring ZipMap; a post-transform is ignored by the
runtime for some shapes; base values are dropped for targets without a leaf.)"""

from __future__ import annotations

import dataclasses
import json

import numpy as np
from onnx import TensorProto, helper, numpy_helper

OPSETS = {"": 17, "ai.onnx.ml": 3}


@dataclasses.dataclass
class Nodes:
    """The attribute arrays of the operator, one entry a node or a leaf."""

    tree: list[int] = dataclasses.field(default_factory=list)
    node: list[int] = dataclasses.field(default_factory=list)
    feature: list[int] = dataclasses.field(default_factory=list)
    threshold: list[float] = dataclasses.field(default_factory=list)
    mode: list[str] = dataclasses.field(default_factory=list)
    true_child: list[int] = dataclasses.field(default_factory=list)
    false_child: list[int] = dataclasses.field(default_factory=list)
    missing_true: list[int] = dataclasses.field(default_factory=list)
    leaf_tree: list[int] = dataclasses.field(default_factory=list)
    leaf_node: list[int] = dataclasses.field(default_factory=list)
    leaf_class: list[int] = dataclasses.field(default_factory=list)
    leaf_weight: list[float] = dataclasses.field(default_factory=list)

    def split(self, tree, node, feature, threshold, mode, true_child, false_child, missing_true) -> None:
        self._node(tree, node, feature, threshold, mode, true_child, false_child, missing_true)

    def leaf(self, tree, node, class_index, weight) -> None:
        self._node(tree, node, 0, 0.0, "LEAF", 0, 0, 0)
        self.leaf_tree.append(tree)
        self.leaf_node.append(node)
        self.leaf_class.append(class_index)
        self.leaf_weight.append(float(np.float32(weight)))

    def _node(self, tree, node, feature, threshold, mode, true_child, false_child, missing_true) -> None:
        self.tree.append(tree)
        self.node.append(node)
        self.feature.append(feature)
        self.threshold.append(threshold)
        self.mode.append(mode)
        self.true_child.append(true_child)
        self.false_child.append(false_child)
        self.missing_true.append(int(missing_true))


def graph(kind: str, boosters: list, features: int, temperature: float):
    """The ONNX model of several boosters averaged: `features` float32 [-1, F] to `probabilities` float32 [-1, 3]."""
    nodes, base, number = Nodes(), np.zeros(3), 0
    add = {"xgboost": add_xgboost, "lightgbm": add_lightgbm}[kind]
    for booster in boosters:
        number, margins = add(nodes, booster, number, 1 / len(boosters))
        base += margins / len(boosters)
    ensemble = regressor(nodes, "leaves", 3)
    tail = [
        helper.make_node("Add", ["leaves", "base"], ["margins"]),
        helper.make_node("Div", ["margins", "temperature"], ["tempered"]),
        helper.make_node("Softmax", ["tempered"], ["probabilities"], axis=1),
    ]
    constants = [
        numpy_helper.from_array(base.astype(np.float32)[None, :], "base"),
        numpy_helper.from_array(np.float32([temperature]), "temperature"),
    ]
    made = helper.make_graph(
        [ensemble, *tail],
        kind,
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", features])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", 3])],
        constants,
    )
    return model(made)


def regressor(nodes: Nodes, output: str, targets: int):
    """The operator over all trees: `features` to their sums by target."""
    return helper.make_node(
        "TreeEnsembleRegressor",
        ["features"],
        [output],
        domain="ai.onnx.ml",
        n_targets=targets,
        aggregate_function="SUM",
        post_transform="NONE",
        nodes_treeids=nodes.tree,
        nodes_nodeids=nodes.node,
        nodes_featureids=nodes.feature,
        nodes_values=nodes.threshold,
        nodes_modes=nodes.mode,
        nodes_truenodeids=nodes.true_child,
        nodes_falsenodeids=nodes.false_child,
        nodes_missing_value_tracks_true=nodes.missing_true,
        target_treeids=nodes.leaf_tree,
        target_nodeids=nodes.leaf_node,
        target_ids=nodes.leaf_class,
        target_weights=nodes.leaf_weight,
    )


def model(made):
    opsets = [helper.make_opsetid(domain, version) for domain, version in OPSETS.items()]
    return helper.make_model(made, opset_imports=opsets, ir_version=8, producer_name="llm-tradebot")


def add_xgboost(nodes: Nodes, booster, number: int, scale: float, targets=3, first=0) -> tuple[int, np.ndarray]:
    """Adds a booster of so many targets, counted from the first; returns the next tree's number and the base margins."""
    learner = json.loads(bytes(booster.save_raw("json")))["learner"]
    trees = learner["gradient_booster"]["model"]
    base = json.loads(learner["learner_model_param"]["base_score"].replace("E", "e"))
    for class_index, tree in zip(trees["tree_info"], trees["trees"], strict=True):
        left, right = tree["left_children"], tree["right_children"]
        for node, feature in enumerate(tree["split_indices"]):
            if left[node] == -1:
                nodes.leaf(number, node, first + class_index, tree["split_conditions"][node] * scale)
                continue
            threshold = float(np.float32(tree["split_conditions"][node]))
            default_left = tree["default_left"][node]
            nodes.split(number, node, feature, threshold, "BRANCH_LT", left[node], right[node], default_left)
        number += 1
    return number, np.broadcast_to(np.asarray(base, np.float64), (targets,))


def add_lightgbm(nodes: Nodes, booster, number: int, scale: float, targets=3, first=0) -> tuple[int, np.ndarray]:
    """The same of the other library."""
    for index, info in enumerate(booster.dump_model()["tree_info"]):
        waiting, next_node = [(info["tree_structure"], 0)], 1
        while waiting:
            part, node = waiting.pop()
            if "split_index" not in part:
                nodes.leaf(number, node, first + index % targets, part["leaf_value"] * scale)
                continue
            left, right = next_node, next_node + 1
            next_node += 2
            threshold = round_down(part["threshold"])
            # Without missing values in training the library takes NaN for 0.
            missing_left = part["default_left"] if part["missing_type"] == "NaN" else 0 <= part["threshold"]
            nodes.split(number, node, part["split_feature"], threshold, "BRANCH_LEQ", left, right, missing_left)
            waiting += [(part["left_child"], left), (part["right_child"], right)]
        number += 1
    return number, np.zeros(targets)


def round_down(threshold: float) -> float:
    """The largest float32 not above a float64 threshold: `x <= threshold` then says the same of every float32 x."""
    nearest = np.float32(threshold)
    if float(nearest) > threshold:
        nearest = np.nextafter(nearest, np.float32(-np.inf))
    return float(nearest)


def split_points(onnx_model, limit: int) -> list[tuple[int, float]]:
    """Some (feature, threshold) pairs of a tree model, spread over its nodes: for the parity fixture."""
    attributes = {a.name: a for a in onnx_model.graph.node[0].attribute}
    features, values = attributes["nodes_featureids"].ints, attributes["nodes_values"].floats
    modes = attributes["nodes_modes"].strings
    inner = [i for i, mode in enumerate(modes) if mode != b"LEAF"]
    step = max(1, len(inner) // limit)
    return [(features[i], values[i]) for i in inner[::step][:limit]]
