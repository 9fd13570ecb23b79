"""The operations of the API that show or change seats, one module per noun; `project.api` mounts them."""

from ninja import Router

from registrations.api import catalogue, claims, wishes

router = Router()
for part in (catalogue, claims, wishes):
    router.add_router("", part.router)
