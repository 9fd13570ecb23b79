"""The tasks of the scheduler and their intervals in seconds, for the settings."""

TASKS = {
    "sweep-outbox": {"task": "project.outbox.tasks.sweep_outbox", "schedule": 15.0},
    "settle-events": {"task": "registrations.tasks.settle_events", "schedule": 60.0},
    "announce-dates": {"task": "registrations.tasks.announce_dates", "schedule": 60.0},
    "send-reminders": {"task": "registrations.tasks.send_reminders", "schedule": 60.0},
    "invite-hosts": {"task": "registrations.tasks.invite_hosts", "schedule": 60.0},
    "cover-conferences": {"task": "registrations.tasks.cover_conferences", "schedule": 60.0},
    "forget-unconfirmed-addresses": {"task": "registrations.tasks.forget_unconfirmed_addresses", "schedule": 3600.0},
    "forget-withdrawn-invitations": {"task": "registrations.tasks.forget_withdrawn_invitations", "schedule": 3600.0},
    "forget-strangers": {"task": "project.accounts.tasks.forget_strangers", "schedule": 600.0},
    "forget-expired-sessions": {"task": "project.accounts.tasks.forget_expired_sessions", "schedule": 3600.0},
    "move-entries": {"task": "registrations.tasks.move_entries", "schedule": 600.0},
    "issue-feedback-codes": {"task": "feedback.tasks.issue_due_codes", "schedule": 600.0},
    "close-surveys": {"task": "feedback.tasks.close_due_surveys", "schedule": 3600.0},
    "release-declined": {"task": "registrations.tasks.release_declined", "schedule": 15.0},
    "sweep-inbound": {"task": "registrations.tasks.sweep_inbound", "schedule": 30.0},
    "read-mailbox": {"task": "registrations.tasks.read_mailbox", "schedule": 60.0},
    "forget-inbound": {"task": "registrations.tasks.forget_inbound", "schedule": 3600.0},
    "forget-cached": {"task": "project.operations.tasks.forget_cached", "schedule": 3600.0},
}
