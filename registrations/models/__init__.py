from registrations.models.access_link import AccessLink
from registrations.models.completion import Completion
from registrations.models.interest import Interest
from registrations.models.invite import Invite
from registrations.models.registration import Registration, RegistrationLog

__all__ = ["AccessLink", "Completion", "Interest", "Invite", "Registration", "RegistrationLog"]
