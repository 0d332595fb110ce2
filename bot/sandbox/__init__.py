"""The stand-in for Avito, the language model and the CRM, for demos and tests."""

import argparse
import os
import socket
import sys
from collections.abc import Sequence

import uvicorn

from bot.sandbox.app import create_app
from bot.sandbox.config import SandboxConfig, config_from_env

__all__ = ["SandboxConfig", "config_from_env", "create_app", "main", "run"]


def run(config: SandboxConfig) -> None:
    """Serve until SIGINT or SIGTERM; raises OSError when the port is taken."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((config.host, config.port))
        settings = uvicorn.Config(
            create_app(config),
            log_level="warning",
            access_log=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=1,
        )
        uvicorn.Server(settings).run(sockets=[door])


def main(argv: Sequence[str]) -> int:
    """`python -m bot sandbox [--port N]`; the settings come from the environment."""
    parser = argparse.ArgumentParser(prog="python -m bot sandbox", description=__doc__)
    parser.add_argument("--port", type=int, help="instead of SANDBOX_PORT")
    given = parser.parse_args(argv)
    try:
        config = config_from_env(os.environ, port=given.port)
        print(f"Sandbox: {config.base_url}", flush=True)
        run(config)
    except (OSError, ValueError) as error:
        print(f"The sandbox cannot start: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0
