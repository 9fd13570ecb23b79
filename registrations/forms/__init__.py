from registrations.forms.catalogue import CatalogueFilter
from registrations.forms.collected import SendForm
from registrations.forms.custom_texts import CustomTextForm, NoticeForm
from registrations.forms.door import DoorSearch, DoorTick, WalkIn
from registrations.forms.organize import CapacityForm, ChangeForm, MoveForm, PlaceForm
from registrations.forms.people import AddressesForm, HoldForm, PriorityForm, RefusalForm, SeatForm
from registrations.forms.preferences import AddressChangeForm, HostProfileForm, PreferencesForm, PrivateAddressForm
from registrations.forms.wishes import AnswerForm, ChoiceForm, ColleagueForm, SwapForm, WaitForm

__all__ = [
    "AddressChangeForm",
    "AddressesForm",
    "AnswerForm",
    "CapacityForm",
    "CatalogueFilter",
    "ChangeForm",
    "ChoiceForm",
    "ColleagueForm",
    "CustomTextForm",
    "DoorSearch",
    "DoorTick",
    "HoldForm",
    "HostProfileForm",
    "MoveForm",
    "NoticeForm",
    "PlaceForm",
    "PreferencesForm",
    "PriorityForm",
    "PrivateAddressForm",
    "RefusalForm",
    "SeatForm",
    "SendForm",
    "SwapForm",
    "WaitForm",
    "WalkIn",
]
