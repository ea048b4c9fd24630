"""Events and subscriptions become messages: who is owed what, what goes into one mail, how it reads.

Pure: nothing here reads a clock, a file of the user's or a socket.
"""

from monitor.alerts.match import concerned, match, wanted

__all__ = ["concerned", "match", "wanted"]
