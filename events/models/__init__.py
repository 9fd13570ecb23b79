from events.models.event import Event, Round, slot_of
from events.models.fields import CodesField
from events.models.initiative import Initiative
from events.models.picture import Picture
from events.models.search import SearchText, SearchWord
from events.models.session import MAX_SEATS, Session
from events.models.venue import Venue

__all__ = [
    "MAX_SEATS",
    "CodesField",
    "Event",
    "Initiative",
    "Picture",
    "Round",
    "SearchText",
    "SearchWord",
    "Session",
    "Venue",
    "slot_of",
]
