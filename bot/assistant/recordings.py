"""How long a recording is: what its header says, and what it may be at most."""

THINNEST = 500
"""Bytes of a second of speech at least: 4 kbit/s, below any codec that a telephone records with."""


def longest(sound: bytes) -> float:
    """Seconds that a recording of this size may last at most."""
    return len(sound) / THINNEST


def told(sound: bytes) -> float | None:
    """Seconds by the movie header (`mvhd`) of an MP4 file (ISO/IEC 14496-12, 8.2.2); None if it tells of none."""
    at = sound.find(b"mvhd") + 4
    if at < 4:
        return None
    wide = sound[at : at + 1] == b"\x01"
    size, scale_at = (8, at + 20) if wide else (4, at + 12)
    scale = int.from_bytes(sound[scale_at : scale_at + 4], "big")
    length = int.from_bytes(sound[scale_at + 4 : scale_at + 4 + size], "big")
    return length / scale if scale and length else None
