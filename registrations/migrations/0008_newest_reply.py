from django.db import migrations, models
from django.db.models import F


def copy_answers(apps, schema_editor):
    """What was stored so far: the newest reply to the present time. One to a former time is not known any more, so it may count twice."""
    invites = apps.get_model("registrations", "Invite").objects
    invites.filter(answered_stamp__isnull=False).update(answered_with=F("answer"))


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0007_any_date_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="invite",
            name="answered_by",
            field=models.ForeignKey(
                help_text="the mail with the newest reply; empty where it was given on a page",
                null=True,
                on_delete=models.SET_NULL,
                related_name="+",
                to="registrations.inboundmail",
            ),
        ),
        migrations.AddField(
            model_name="invite",
            name="answered_with",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ACCEPTED", "accepted"),
                    ("TENTATIVE", "perhaps"),
                    ("DECLINED", "declined"),
                    ("DELEGATED", "sends somebody else"),
                ],
                help_text="PARTSTAT of the newest reply, also to a former time",
                max_length=9,
            ),
        ),
        migrations.RunPython(copy_answers, migrations.RunPython.noop),
    ]
