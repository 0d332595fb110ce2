"""What was worked out once and holds for everybody: a memory for the whole process.

Streamlit's own caches do the same, but look at the function's signature and hash every argument
anew at each call, and a page asks hundreds of times.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakSet

T = TypeVar("T")

_ALL: "WeakSet[Kept]" = WeakSet()


class Kept:
    """At most `most` values, the longest unused forgotten first. Not to be changed by who gets them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._slots: OrderedDict[Hashable, _Slot] = OrderedDict()
        self._lock = threading.Lock()
        _ALL.add(self)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value under `key`. Of those who ask for it at the same time one makes it and the others
        wait; what `make` raises is not kept."""
        slot = self._slot(key)
        if not slot.is_full:
            with slot.lock:
                if not slot.is_full:
                    slot.value, slot.is_full = make(), True
        value: T = slot.value
        return value

    def has(self, key: Hashable) -> bool:
        """Whether the value is there, or somebody is making it."""
        with self._lock:
            return key in self._slots

    def forget(self) -> None:
        with self._lock:
            self._slots.clear()

    def _slot(self, key: Hashable) -> "_Slot":
        with self._lock:
            slot = self._slots.get(key)
            if slot is None:
                slot = self._slots[key] = _Slot()
            self._slots.move_to_end(key)
            if len(self._slots) > self._most:
                self._slots.popitem(last=False)
        return slot


class _Slot:
    """`lock` may be taken twice by one thread: making one value may ask for the same again."""

    __slots__ = ("is_full", "lock", "value")

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.value: Any = None
        self.is_full = False


def forget_everything() -> None:
    for each in _ALL:
        each.forget()
