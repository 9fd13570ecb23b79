"""The words by which a date is found, in one column, and each word once.

On PostgreSQL an index of trigrams (`pg_trgm`) finds a part of a word without reading every row.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from project.text import folding

# As the labels were when this was written; `prepare` writes anew what is called otherwise since.
KINDS = {
    "PERFORMANCE": "Performance Voorstelling",
    "TRAINING": "Training",
    "WORKSHOP": "Workshop",
    "CONFERENCE": "Work conference Werkconferentie",
    "DIALOGUE": "Conversation with the board Gesprek met het bestuur",
}
LANGUAGES = {"en": "English Engels", "nl": "Dutch Nederlands", "en+nl": "English and Dutch Engels en Nederlands"}
INDEX = "search_text_by_trigrams"
AT_ONCE = 500
LONGEST_WORD = 100


def add_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        table = schema_editor.quote_name(apps.get_model("events", "SearchText")._meta.db_table)
        schema_editor.execute(f"CREATE INDEX IF NOT EXISTS {INDEX} ON {table} USING gin (folded gin_trgm_ops)")


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


def fill(apps, schema_editor):
    model, seen, made = apps.get_model("events", "SearchText"), set(), []
    related = ("event__owner", "venue", "round")
    for session in apps.get_model("events", "Session").objects.select_related(*related).iterator(chunk_size=AT_ONCE):
        texts = () if session.event.is_discreet else _texts(session)
        words = {word[:LONGEST_WORD] for word in folding.words(" ".join(texts))}
        seen |= words
        made.append(model(session=session, folded=" ".join(sorted(words))))
    model.objects.bulk_create(made, AT_ONCE)
    word = apps.get_model("events", "SearchWord")
    word.objects.bulk_create([word(word=each) for each in sorted(seen)], AT_ONCE, ignore_conflicts=True)


def _texts(session):
    event, owner = session.event, session.event.owner
    yield from (getattr(event, f"{name}_{code}") for name in ("title", "summary", "description") for code in ("en", "nl"))
    yield from (session.title_en, session.title_nl, owner.name_en, owner.name_nl, owner.code)
    yield from (KINDS.get(event.kind, ""), LANGUAGES.get(session.language, ""), "Online" if session.join_url else "")
    if session.round:
        yield from (session.round.title_en, session.round.title_nl)
    if session.venue:
        yield from (session.venue.name, session.venue.room, session.venue.address)


class Migration(migrations.Migration):
    dependencies = [("events", "0005_session_timezone_region"), ("accounts", "__first__")]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="events.session",
                    ),
                ),
                ("folded", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[("word", models.TextField(primary_key=True, serialize=False))],
        ),
        migrations.RunPython(add_index, drop_index),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
