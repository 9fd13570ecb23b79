from registrations.forms.catalogue import CatalogueFilter
from registrations.forms.door import DoorSearch, DoorTick, WalkIn
from registrations.forms.organize import CapacityForm, ChangeForm, MoveForm, PlaceForm

__all__ = [
    "CapacityForm",
    "CatalogueFilter",
    "ChangeForm",
    "DoorSearch",
    "DoorTick",
    "MoveForm",
    "PlaceForm",
    "WalkIn",
]
