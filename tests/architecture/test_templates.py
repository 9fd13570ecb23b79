"""The result of `{% load %}` must not depend on the order of the libraries."""

from __future__ import annotations

from collections import Counter
from importlib import import_module

from tests.architecture import sources


def test_no_two_filters_or_tags_share_a_name() -> None:
    paths = [path for path in sources.modules() if path.parent.name == "templatetags" and path.stem != "__init__"]
    names = [".".join(path.relative_to(sources.ROOT).with_suffix("").parts) for path in paths]
    libraries = [import_module(name).register for name in names]

    counted = Counter(name for library in libraries for name in {*library.filters, *library.tags})

    assert len(libraries) > 3
    assert [name for name, times in counted.items() if times > 1] == []
