"""The smallest Django project that gives out seats: what `startproject` makes, two tables, and a view that inserts
under a lock. It has no mails, no rules and no refusals.
"""
