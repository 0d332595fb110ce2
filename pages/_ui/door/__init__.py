"""The way in: login, sessions, roles, and the gate in front of HTTP and websocket."""
