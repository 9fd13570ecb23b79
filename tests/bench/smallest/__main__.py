"""Makes tables, signed-in people, and events. `python -m tests.bench.smallest PEOPLE EVENTS` prints people, cookies and
events.
"""

import json
import sys
from datetime import timedelta

import django
from django.core.management import call_command
from django.utils import timezone


def arrange(people: int, events: int) -> dict[str, list[str] | list[int]]:
    # Models can be imported only once Django is set up.
    from django.contrib.auth.models import User  # noqa: PLC0415 - see above

    from tests.bench import cookies  # noqa: PLC0415 - see above
    from tests.bench.smallest.models import Event  # noqa: PLC0415 - see above

    crowd = User.objects.bulk_create([User(username=f"person{number}", password="!") for number in range(people)])
    soon = timezone.now() + timedelta(days=30)
    listed = [Event(title=f"Performance {number}", starts_at=soon, seats=20) for number in range(events)]
    made = Event.objects.bulk_create(listed)
    keys = {"people": [person.pk for person in crowd], "events": [event.pk for event in made]}
    return {"cookies": cookies.sign_in(crowd), **keys}


if __name__ == "__main__":
    django.setup()
    for syncs in (False, True):  # its own tables have no migrations, and refer to those that have
        call_command("migrate", run_syncdb=syncs, interactive=False, verbosity=0)
    sys.stdout.write(json.dumps(arrange(*map(int, sys.argv[1:]))))
