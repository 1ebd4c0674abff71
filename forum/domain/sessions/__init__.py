"""Sessions: a forum is held on several days, and rests between them.

A session is a day, a half-day or a meeting. Every step belongs to one; at most one is live, and while none is, the forum
rests: nobody gives anything, everything can be read. A journal from before there were sessions is one session, the
*first*, which is live from the opening on: no fact tells of its beginning, in old journals or new ones.

``record`` what the state keeps · ``reading`` what others ask · ``words`` rules, commands, facts · ``presence`` who was
there · ``judges``, ``folds`` · ``part`` all of it. This file imports none of them: the state stands on ``record``.
"""
