"""Every text is translated into every language. `manage.py messages` adds new texts; a person translates them."""

from project.operations.services import catalogues
from tests.architecture import sources


def test_every_text_is_translated() -> None:
    assert catalogues.problems(root=sources.ROOT) == []
