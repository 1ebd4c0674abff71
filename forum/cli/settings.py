"""From a command's arguments and the environment to the application's settings; arguments win."""

import argparse
import os
from pathlib import Path

from forum.cli.terminal import Say
from forum.domain.kernel import N_
from forum.journal import STORE_FOLDER, StoreAddress
from forum.settings import BadSetting, Settings

ALONE = N_(
    "It listens on this machine only ({host}): no phone reaches it. Put a proxy before it and its address in "
    "FORUM_PUBLIC_URL, or listen on 0.0.0.0 (--host, FORUM_HOST)."
)


def add_address(parser: argparse.ArgumentParser, say: Say) -> None:
    """The arguments that say where people reach the server that this command prints links to."""
    parser.add_argument("--host", help=say("address the server listens on (FORUM_HOST, default 0.0.0.0)"))
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


def there(settings: Settings) -> StoreAddress:
    """The store, for a command that begins nothing: BadSetting where the data folder has none, and none is made."""
    if settings.redis is None and not has_store(settings):
        raise BadSetting(
            N_(
                "There is no data in {folder}. Give the folder of the server with --data (FORUM_DATA), "
                "or run the command where the server runs."
            ),
            folder=settings.data.resolve(),
        )
    return settings.store


def has_store(settings: Settings) -> bool:
    """Whether a store was ever begun in the data folder."""
    return (settings.data / STORE_FOLDER).is_dir()
