from __future__ import annotations

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # also in full width


def plain_cell(value: object) -> str:
    """Text that a spreadsheet shows and never computes: a quote in front of what begins like a formula (ASVS 1.2.10)."""
    text = str(value)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) or text.lstrip().startswith(STARTS_A_FORMULA) else text
