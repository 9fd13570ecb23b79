from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.lookups import BuiltinLookup
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper


class CodesField(models.Field[Any, tuple[str, ...]]):
    """A small set of stable codes (audiences, units) in one column, `" ME TPM "`; empty means no restriction.

    Codes never change, so they need no table: eligibility and filters cost no query and no join. `units__has="me"`
    finds the rows with a code, on SQLite and PostgreSQL alike.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 250)
        kwargs.setdefault("default", ())
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        return "CharField"

    def from_db_value(self, value: str | None, *_: object) -> tuple[str, ...]:
        return tuple((value or "").split())

    def to_python(self, value: object) -> tuple[str, ...]:
        if isinstance(value, str):
            return tuple(value.split())
        if isinstance(value, (list, tuple, set, frozenset)):
            return tuple(sorted(str(code) for code in value))
        raise ValidationError(_("Expected a list of codes."))

    def get_prep_value(self, value: Iterable[str] | str | None) -> str:
        codes = self.to_python(value or ())
        return f" {' '.join(codes)} " if codes else ""

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)).strip()


@CodesField.register_lookup
class Has(BuiltinLookup[str]):
    lookup_name = "has"
    prepare_rhs = False

    def get_db_prep_lookup(
        self, value: str | int, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        return "%s", (f"% {connection.ops.prep_for_like_query(str(value))} %",)

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:
        return f"LIKE {rhs} ESCAPE '\\'"
