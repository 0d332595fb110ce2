"""Secrets at rest: AES-256-GCM under a key id, bound to the place where they lie."""

import base64
import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Unsealable(Exception):
    """The secret was sealed under a key that is not among ours, was changed, or belongs to another place."""


class Sealer:
    """Seals with the first key, opens with any: keys rotate by putting a new one in front."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {_key_id(key): AESGCM(key) for key in keys}
        self._newest = _key_id(keys[0])

    def seal(self, secret: str, *place: object) -> str:
        """`v1:<key id>:<nonce and ciphertext>`; opens only with the same `place` (table, row, field)."""
        nonce = os.urandom(12)
        boxed = self._keys[self._newest].encrypt(nonce, secret.encode(), _bound(place))
        return f"v1:{self._newest}:{base64.urlsafe_b64encode(nonce + boxed).decode()}"

    def open(self, sealed: str, *place: object) -> str:
        """Raises Unsealable."""
        try:
            _version, key_id, boxed = sealed.split(":")
            raw = base64.urlsafe_b64decode(boxed)
            return self._keys[key_id].decrypt(raw[:12], raw[12:], _bound(place)).decode()
        except (ValueError, KeyError, InvalidTag) as error:
            raise Unsealable(":".join(map(str, place))) from error

    def is_newest(self, sealed: str) -> bool:
        return sealed.split(":")[1:2] == [self._newest]


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"key id:" + key).hexdigest()[:8]


def _bound(place: tuple[object, ...]) -> bytes:
    return ":".join(map(str, place)).encode()
