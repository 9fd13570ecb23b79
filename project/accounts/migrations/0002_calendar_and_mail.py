import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="bounced_at",
            field=models.DateTimeField(help_text="when mail to the address came back", null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="calendar_preference",
            field=models.CharField(
                choices=[
                    ("INVITE", "an invitation in the mail"),
                    ("FEED", "only the calendar I subscribed to"),
                    ("NONE", "neither"),
                ],
                default="INVITE",
                max_length=6,
                verbose_name="sessions in your calendar",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="feed_generation",
            field=models.PositiveIntegerField(default=1, help_text="raising it ends the old calendar link"),
        ),
        migrations.AddField(
            model_name="user",
            name="private_email",
            field=models.EmailField(
                blank=True,
                help_text="stored once it was confirmed",
                max_length=254,
                verbose_name="address for discreet sessions",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="wants_discreet_reminders",
            field=models.BooleanField(default=False, verbose_name="reminders of discreet sessions"),
        ),
        migrations.CreateModel(
            name="PendingAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("ACCOUNT", "the address to sign in with"),
                            ("DISCREET", "where mails about discreet sessions go"),
                        ],
                        max_length=8,
                    ),
                ),
                ("address", models.EmailField(max_length=254)),
                ("asked_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pending_addresses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["ACCOUNT", "DISCREET"])),
                        name="pending_address_purpose_known",
                    )
                ],
            },
        ),
    ]
