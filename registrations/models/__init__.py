from registrations.models.access_link import AccessLink
from registrations.models.completion import Completion
from registrations.models.coordinator_change import CoordinatorChange
from registrations.models.custom_text import CustomText, Notice
from registrations.models.inbound_mail import InboundMail
from registrations.models.interest import Interest
from registrations.models.invite import Invite
from registrations.models.registration import Registration, RegistrationLog

__all__ = [
    "AccessLink",
    "Completion",
    "CoordinatorChange",
    "CustomText",
    "InboundMail",
    "Interest",
    "Invite",
    "Notice",
    "Registration",
    "RegistrationLog",
]
