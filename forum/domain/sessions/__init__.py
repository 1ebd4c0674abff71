"""Sessions: a forum may be held on several days, with rests between them.

A session is a day, a half-day or a meeting. Every step belongs to one. At most one session is live. While
none is live, the forum rests: nobody gives anything, and everything can be read. A journal from before there
were sessions is one session, the *first*, which is live from the opening on. No fact tells of its beginning,
in old journals or new ones.

``record`` what the state keeps · ``reading`` what others ask · ``words`` rules, commands, facts ·
``presence`` who was there · ``judges``, ``folds`` · ``part`` all of it. This file imports none of them,
since the state needs ``record``.
"""
