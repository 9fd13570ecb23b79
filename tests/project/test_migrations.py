from io import StringIO

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_models_have_no_missing_migration() -> None:
    missing = StringIO()

    try:
        call_command("makemigrations", check_changes=True, dry_run=True, stdout=missing)
    except SystemExit:
        pytest.fail(missing.getvalue())
