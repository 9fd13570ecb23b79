"""Where the kinds of mail are listed (architecture.md, "Mail"): dotted paths, because the outbox is below the apps that write mails."""

KINDS = ("project.accounts.emails.KINDS", "registrations.emails.KINDS")
