"""The event log, and everything that can be asked of it."""

from pipeline.lake import Lake, LakeBroken, LakeMissing, connect, newest_snapshot

__all__ = ["Lake", "LakeBroken", "LakeMissing", "connect", "newest_snapshot"]
