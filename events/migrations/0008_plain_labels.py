from django.db import migrations, models


class Migration(migrations.Migration):
    """Changes labels only, so it writes nothing to the database."""

    dependencies = [
        ('events', '0007_event_change_is_not_looked_up'),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='offered_until_hours',
            field=models.PositiveSmallIntegerField(
                default=4, verbose_name='hours before the start until which a free seat is offered to people who wait'
            ),
        ),
        migrations.AlterField(
            model_name='event',
            name='seated_until_hours',
            field=models.PositiveSmallIntegerField(
                default=72,
                verbose_name='hours before the start until which a free seat is booked at once for people who wait',
            ),
        ),
        migrations.AlterField(
            model_name='session',
            name='is_unlisted',
            field=models.BooleanField(default=False, verbose_name='only for people with a personal link'),
        ),
    ]
