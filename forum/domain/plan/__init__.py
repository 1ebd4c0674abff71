"""The plan: axes from themes, actions from cards, each with a pilot, partners and a date.

Every action keeps the cards and themes it comes from. Gaps are shown, never filled in by themselves.

``record`` what the state keeps · ``reading``, ``sources`` what others ask · ``words`` rules, commands, facts ·
``judges``, ``folds``, ``gestures`` · ``part`` all of it. This file imports none of them, since the state needs ``record``.
"""
