"""A slot is filled by a seat on a date that is still to come or under way."""

from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone


def let_go(apps, schema_editor):
    """Of the dates that are over when this runs; later ones are let go by the verbs."""
    registrations = apps.get_model("registrations", "Registration")
    over = Q(session__ends_at__lte=timezone.now()) | Q(session__status="HELD")
    claims = registrations.objects.filter(over).exclude(status="CANCELLED")
    apps.get_model("registrations", "Invite").objects.filter(registration__in=claims).update(fills_slot=False)
    claims.update(fills_slot=False)


class Migration(migrations.Migration):
    dependencies = [("registrations", "0009_coordinator_change"), ("events", "0004_coming_again")]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="fills_slot",
            field=models.BooleanField(default=True, help_text="until its date is over"),
        ),
        migrations.AddField(
            model_name="invite",
            name="fills_slot",
            field=models.BooleanField(default=True, help_text="until its date is over"),
        ),
        migrations.RunPython(let_go, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="registration", name="one_seat_per_slot"),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                condition=Q(
                    ("status__in", ("CONFIRMED", "OFFERED")),
                    Q(("source", "WALK_IN"), _negated=True),
                    ("fills_slot", True),
                    ("replaces__isnull", True),
                ),
                fields=("attendee", "slot"),
                name="one_seat_per_slot",
            ),
        ),
        migrations.RemoveConstraint(model_name="invite", name="one_invite_per_slot"),
        migrations.AddConstraint(
            model_name="invite",
            constraint=models.UniqueConstraint(
                condition=Q(("fills_slot", True), ("registration__isnull", False), ("state", "ACTIVE")),
                fields=("attendee", "slot"),
                name="one_invite_per_slot",
            ),
        ),
    ]
