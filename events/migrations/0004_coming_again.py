"""Whether people who have attended an event may come again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0003_feeds")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="coming_again",
            field=models.CharField(
                choices=[("BEHIND", "again, behind people who have not been"), ("ONCE", "once")],
                default="BEHIND",
                max_length=6,
                verbose_name="people may come",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(("coming_again__in", ["BEHIND", "ONCE"])), name="event_coming_again_known"
            ),
        ),
    ]
