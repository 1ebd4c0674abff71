"""Where people come from: their category (*collège*) and their organisation. For who is missing, who leads, one voice each.

The categories are the forum's, a few words of the organisers. An organisation's name may be a person's own, so it lies
beside the journal, at each of its people, as their name does; facts name it by an id, alike for all who belong to it.
``record`` what the state keeps · ``part`` rules, commands, facts. This file imports neither: the state stands on ``record``.
"""
