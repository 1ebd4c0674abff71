"""Hurried hands: five phones, two desks and a wall, seeded gestures in real browsers over slow networks, each one judged.

``watch`` stands in every page and remembers what its person entered and pressed, ``gestures`` are what people do,
``room`` puts everybody into one forum, ``judge`` holds what happened to what was promised.
"""
