"""The smallest Django project that gives out seats: what `startproject` makes, two tables, and one view that inserts under a lock. No mail, no rules, no refusal."""
