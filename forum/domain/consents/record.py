"""What a forum's state keeps of consents. Values only."""

from typing import Literal

import msgspec

from forum.domain.kernel import Millis

Purpose = Literal["participation", "photo", "directory", "newsletter", "attribution", "reminders"]
"""What is agreed to: taking part in what goes beyond the room, a picture, a line in a directory, mails, one's name at one's words
beyond the room, the plan and reminders of it at one's address."""


class Consent(msgspec.Struct, frozen=True):
    """What one person agreed to, as it was given last."""

    purpose: Purpose
    text_version: str  # of the text that was read
    given_at: Millis
    withdrawn_at: Millis = Millis(0)  # 0 = it stands
    seq: int = 0  # fact by which it was given
