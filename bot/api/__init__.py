"""The routes: thin, typed, and the only way in."""
