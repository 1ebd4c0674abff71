"""From a command's arguments and the environment to the application's settings; arguments win."""

import argparse
import os
from pathlib import Path

from forum.cli.terminal import Say
from forum.settings import Settings


def add_address(parser: argparse.ArgumentParser, say: Say) -> None:
    """The arguments that say where people reach the server that this command prints links to."""
    parser.add_argument("--port", type=int, help=say("port of the server (FORUM_PORT or PORT, default 8000)"))
    parser.add_argument(
        "--public-url", help=say("address people use, when it is another one (FORUM_PUBLIC_URL)")
    )


def settings_from(arguments: argparse.Namespace) -> Settings:
    """The settings a command runs with. Raises BadSetting, whose message says what, where and how to fix it."""
    given = {
        name: value
        for name in ("host", "port", "data", "redis", "public_url", "workers")
        if (value := getattr(arguments, name, None)) is not None
    }
    if "data" in given:
        given["data"] = Path(given["data"])
    return Settings.from_environment(os.environ, **given)
