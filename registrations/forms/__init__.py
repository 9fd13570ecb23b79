from registrations.forms.catalogue import CatalogueFilter
from registrations.forms.door import DoorSearch, DoorTick, WalkIn
from registrations.forms.organize import CapacityForm, ChangeForm, MoveForm, PlaceForm
from registrations.forms.people import AddressesForm, HoldForm, PriorityForm, RefusalForm, SeatForm
from registrations.forms.wishes import AnswerForm, ChoiceForm, ColleagueForm, SwapForm, WaitForm

__all__ = [
    "AddressesForm",
    "AnswerForm",
    "CapacityForm",
    "CatalogueFilter",
    "ChangeForm",
    "ChoiceForm",
    "ColleagueForm",
    "DoorSearch",
    "DoorTick",
    "HoldForm",
    "MoveForm",
    "PlaceForm",
    "PriorityForm",
    "RefusalForm",
    "SeatForm",
    "SwapForm",
    "WaitForm",
    "WalkIn",
]
