"""Where people come from: their category (*collège*) and their organisation. This shows who is missing and who leads,
and supports one voice for each.

The organisers name the categories in a few words. An organisation's name may be a person's own name. It
therefore lies beside the journal, at each of its people, as their name does. Facts name it by an id, which
is the same for everybody who belongs to it.

``record`` what the state keeps · ``part`` rules, commands, facts. This file imports neither, since the state
needs ``record``.
"""
