"""The database refuses to change or delete what was released (specs/privacy.md 1.5), whoever asks.

Row by row, so that emptying a test database by TRUNCATE still works on PostgreSQL. SQLite has no TRUNCATE and deletes row by row: a test that
commits a release there takes the triggers away for its clean-up (`thaw`, `freeze`). A later migration that alters one of the two tables
must call `freeze` again: SQLite rebuilds the table and forgets its triggers. The tests of the refusal fail if it does not.
"""

from django.db import migrations

TABLES = ("dashboard_release", "dashboard_publishedcell")
REFUSAL = "released figures are frozen"

POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION dashboard_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
END
$$
"""


def freeze(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION)
    for table in TABLES:
        for statement in _triggers(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)


def thaw(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        for verb in ("update", "delete"):
            of_table = f" ON {table}" if is_postgresql else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{of_table}")
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION IF EXISTS dashboard_refuse_change()")


def _triggers(vendor, table):
    for verb in ("update", "delete"):
        head = f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} FOR EACH ROW"
        if vendor == "postgresql":
            yield f"{head} EXECUTE FUNCTION dashboard_refuse_change()"
        else:
            yield f"{head} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"


class Migration(migrations.Migration):
    dependencies = [("dashboard", "0001_initial")]

    operations = [migrations.RunPython(freeze, thaw)]
