from registrations.models.invite import Invite
from registrations.models.registration import Registration, RegistrationLog

__all__ = ["Invite", "Registration", "RegistrationLog"]
