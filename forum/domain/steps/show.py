"""Shows: welcome, framing, break, announcement. Nothing is asked of anybody but to look and to listen."""

from forum.domain.kernel import N_
from forum.domain.settings import ShowSettings
from forum.domain.steps.kind import Kind

KIND = Kind(ShowSettings, N_("Talk"))
