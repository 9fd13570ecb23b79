"""A wish whose seat is deleted stands alone; nothing changes in the database."""

from django.db import migrations, models

import registrations.models.deletion


class Migration(migrations.Migration):

    dependencies = [
        ('registrations', '0011_came_on_another_date'),
    ]

    operations = [
        migrations.AlterField(
            model_name='registration',
            name='replaces',
            field=models.ForeignKey(null=True, on_delete=registrations.models.deletion.STAND_ALONE, related_name='replaced_by', to='registrations.registration'),
        ),
    ]
