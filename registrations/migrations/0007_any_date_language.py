"""In which language somebody waits for any date."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0006_offer_lost")]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="any_date_language",
            field=models.CharField(
                blank=True,
                choices=[("", "any language"), ("en", "English"), ("nl", "Dutch")],
                default="",
                max_length=2,
            ),
        ),
    ]
