"""A word for the history: whoever came on another date wishes for no more."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registrations', '0010_slots_are_let_go'),
    ]

    operations = [
        migrations.AlterField(
            model_name='registrationlog',
            name='action',
            field=models.CharField(choices=[('CONFIRMED', 'took a seat'), ('WAITLISTED', 'joined the waiting list'), ('PROMOTED', 'got a seat from the waiting list'), ('CANCELLED', 'gave the seat back'), ('LEFT', 'left the waiting list'), ('OFFERED', 'was offered a seat'), ('ACCEPTED', 'accepted the seat'), ('DECLINED', 'declined the seat'), ('EXPIRED', 'did not answer the offer in time'), ('OFFER_LOST', 'lost the offer, as the date changed'), ('OPENED', 'was told that a seat is open to all'), ('SWAP_WANTED', 'would rather come on this date'), ('SWAPPED_AWAY', 'moved to another date'), ('SWAPPED_HERE', 'moved here from another date'), ('EXCHANGED', 'swapped dates with somebody who wanted the other one'), ('REQUESTED', 'asked for a seat'), ('APPROVED', 'was approved'), ('REFUSED', 'was not approved'), ('SEATED', 'got a seat from an organiser'), ('PRIORITIZED', 'got another place in the queue from an organiser'), ('HAS_BEEN', 'came on another date'), ('SUPERSEDED', 'has a seat on another date'), ('SESSION_CANCELLED', 'the session was cancelled'), ('WALKED_IN', 'came without a seat'), ('CHECKED_IN', 'was checked in'), ('CALENDAR_DECLINED', 'declined in the calendar'), ('CALENDAR_KEPT', 'kept the seat after all'), ('REINSTATED', 'the session takes place after all'), ('STILL_COMING', 'said that they still come'), ('UNCHECKED', 'check-in taken back'), ('MARKED_ABSENT', 'was not there')], max_length=17),
        ),
    ]
