"""The whole flow in the engines that people really carry (``make browsers``), and its key steps in `make test`.

fetched     old Chromes out of packages that carried them, pinned by their hashes
engines     which engines there are, how this machine gets them, how each is started
channel     calls and events over one WebSocket: the DevTools protocol, and WebDriver BiDi
pages       one page in an engine under test: open, run, press, picture; three implementations
hall        a forum on a real server, its desk and its wall
phone       what somebody does with the page, in the words of the field; the only selectors
flow        the named steps, in order
floor       the lint that knows the oldest browsers we promise, from compatibility data
"""
