"""Keeps what took long, so that a run that broke off goes on where it was. Off the record: nothing of it is shipped."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
SOURCES = ("nets.py", "trees.py", "dataset.py", "folds.py")


class Cache:
    """Results by name, forgotten when the configuration, the data or the code that made them changes."""

    def __init__(self, folder: Path, configuration: str):
        here = Path(__file__).parent
        code = "".join((here / name).read_text(encoding="utf-8") for name in SOURCES)
        self._folder, self._configuration, self._code = folder, configuration, code

    def keep(self, name: str, key: str, make: Callable[[], T]) -> T:
        digest = hashlib.sha256(f"{self._configuration}\n{self._code}\n{key}".encode()).hexdigest()[:16]
        path = self._folder / f"{name}-{digest}.pickle"
        if path.exists():
            return pickle.loads(path.read_bytes())
        made = make()
        part = path.with_suffix(".part")
        part.write_bytes(pickle.dumps(made))
        part.rename(path)
        return made
