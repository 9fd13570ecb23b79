"""Every text is there in every language. `make messages` adds what is new; a person translates it."""

from project.operations.services import catalogues
from tests.architecture import sources


def test_every_text_is_translated() -> None:
    assert catalogues.problems(root=sources.ROOT) == []
