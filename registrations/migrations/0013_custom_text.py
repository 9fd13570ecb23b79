"""An organiser's own text is called CustomText."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("events", "0007_event_change_is_not_looked_up"),
        ("registrations", "0012_wishes_stand_alone"),
    ]

    operations = [
        migrations.RemoveConstraint("Wording", "wording_once"),
        migrations.RemoveConstraint("Wording", "wording_says_something"),
        migrations.RenameModel("Wording", "CustomText"),
        migrations.AlterField(
            "CustomText",
            "event",
            models.ForeignKey("events.Event", django.db.models.deletion.CASCADE, related_name="custom_texts"),
        ),
        migrations.AddConstraint(
            "CustomText",
            models.UniqueConstraint(fields=["event", "kind", "language"], name="custom_text_once"),
        ),
        migrations.AddConstraint(
            "CustomText",
            models.CheckConstraint(condition=~Q(subject="", body=""), name="custom_text_says_something"),
        ),
    ]
