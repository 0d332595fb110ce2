"""`make demo`: sandbox, bot and dashboard as real processes, an account connected, clients who write."""

from bot.demo.stage import main

__all__ = ["main"]
