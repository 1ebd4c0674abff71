"""Shows: welcome, framing, break, announcement. Nothing is asked of anybody but to look and to listen."""

from forum.domain.kernel import Part

PART = Part(judges={}, folds={})
