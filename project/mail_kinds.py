"""The lists of kinds of mail, as dotted paths: the outbox may not import the apps that define them."""

KINDS = ("project.accounts.emails.KINDS", "registrations.emails.KINDS")
