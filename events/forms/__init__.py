from events.forms.event import EventForm
from events.forms.session import SessionForm

__all__ = ["EventForm", "SessionForm"]
