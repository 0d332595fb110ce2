"""The bot's HTTP face: what people and other programs may ask of it."""

from bot.api.app import create_app

__all__ = ["create_app"]
