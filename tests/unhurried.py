"""People who read before they press, in no time: before each press the clock of their page goes ahead by a second.

A page takes no press on what has just changed (``static/js/press.js``), and knows nothing of who drives it. Where a test
is about hands that hurry, its page also runs ``HURRIED``.
"""

from typing import Final

UNHURRIED: Final = """(() => {
  if (window.unhurried) return;
  window.unhurried = true;
  const now = performance.now.bind(performance);
  let read = 0;
  performance.now = () => now() + read;
  const reads = ({ type, detail }) => {
    if (!window.hurried && (type !== "click" || !detail)) read += 1000; // of a pointer, the press began before its click
  };
  for (const kind of ["pointerdown", "keydown", "click"]) addEventListener(kind, reads, true);
})();"""
"""What a page runs, at the latest before a press; once or more often."""
HURRIED: Final = "window.hurried = true;"
"""What a page runs besides, whose person presses without having read."""
