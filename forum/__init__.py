"""Forum."""
