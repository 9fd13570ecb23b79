"""Three parsers that we did not write, none of them the one that writes (specs/calendar.md 8): Thunderbird's, GNOME's,
and vobject.

Each answers what it understood in the same words, so that a test compares them with each other and with what was meant.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import vobject
from playwright._impl._driver import compute_driver_executable

READER = Path(__file__).with_name("reader.cjs")
TEXTS = ("uid", "summary", "status", "location", "description", "url", "class", "transp")
PARAMETERS = ("cn", "partstat", "role", "rsvp", "cutype")


def read_by_thunderbird(*contents: bytes) -> list[dict[str, Any]]:
    """ical.js, run by the node that Playwright brings along."""
    node = compute_driver_executable()[0]
    texts = json.dumps([content.decode() for content in contents])
    done = subprocess.run([node, READER], input=texts.encode(), capture_output=True, check=True, timeout=60)  # noqa: S603  # our own script
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def read_by_vobject(*contents: bytes) -> list[dict[str, Any]]:
    return [_read_by_vobject(content) for content in contents]


def read_by_gnome(*contents: bytes) -> list[dict[str, Any]]:
    """libical, where the system has it; it also knows what iTIP asks of each method, and must have no objection."""
    return [_Libical().read(content) for content in contents]


READERS = [read_by_thunderbird, read_by_vobject, read_by_gnome]


def _read_by_vobject(content: bytes) -> dict[str, Any]:
    calendar = vobject.readOne(content.decode())
    event = calendar.vevent
    values = {name: getattr(event, name).value if hasattr(event, name) else None for name in TEXTS}
    times = {"stamp": event.dtstamp, "starts": event.dtstart, "ends": event.dtend}
    return values | {
        "method": calendar.method.value,
        "components": [component.name for component in calendar.components()],
        "sequence": int(event.sequence.value) if hasattr(event, "sequence") else None,
        **{name: _moment(line.value) for name, line in times.items()},
        "organizer": _person(event.organizer),
        "attendees": [_person(line) for line in event.contents.get("attendee", [])],
    }


def _moment(value: date) -> int | str:
    return int(value.timestamp()) if isinstance(value, datetime) else value.isoformat()


def _person(line: Any) -> dict[str, Any]:
    return {"address": line.value} | {name: line.params.get(name.upper(), [None])[0] for name in PARAMETERS}


class _Time(ctypes.Structure):
    """`struct icaltimetype` of libical 3."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_dst")),
        ("zone", ctypes.c_void_p),
    ]


class _Libical:
    def __init__(self) -> None:
        path = ctypes.util.find_library("ical")
        if path is None:
            pytest.skip("libical is not installed; on Debian the package is libical3")
        self._library = ctypes.CDLL(path)
        for name, answer, *arguments in (
            ("icalparser_parse_string", ctypes.c_void_p, ctypes.c_char_p),
            ("icalcomponent_string_to_kind", ctypes.c_int, ctypes.c_char_p),
            ("icalproperty_string_to_kind", ctypes.c_int, ctypes.c_char_p),
            ("icalcomponent_get_first_component", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int),
            ("icalcomponent_get_next_component", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int),
            ("icalcomponent_get_first_property", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int),
            ("icalcomponent_get_next_property", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int),
            ("icalcomponent_count_errors", ctypes.c_int, ctypes.c_void_p),
            ("icalcomponent_isa", ctypes.c_int, ctypes.c_void_p),
            ("icalcomponent_kind_to_string", ctypes.c_char_p, ctypes.c_int),
            ("icalcomponent_free", None, ctypes.c_void_p),
            ("icalrestriction_check", ctypes.c_int, ctypes.c_void_p),
            ("icalproperty_get_value", ctypes.c_void_p, ctypes.c_void_p),
            ("icalvalue_get_text", ctypes.c_char_p, ctypes.c_void_p),
            ("icalproperty_get_value_as_string", ctypes.c_char_p, ctypes.c_void_p),
            ("icalproperty_get_parameter_as_string", ctypes.c_char_p, ctypes.c_void_p, ctypes.c_char_p),
            ("icalproperty_get_datetime_with_component", _Time, ctypes.c_void_p, ctypes.c_void_p),
            ("icaltime_as_timet_with_zone", ctypes.c_long, _Time, ctypes.c_void_p),
        ):
            function = getattr(self._library, name)
            function.restype, function.argtypes = answer, arguments

    def read(self, content: bytes) -> dict[str, Any]:
        call = self._library
        calendar = call.icalparser_parse_string(content)
        assert calendar, "libical cannot read it"
        try:
            assert call.icalrestriction_check(calendar) == 1, "libical: not as iTIP asks"
            assert call.icalcomponent_count_errors(calendar) == 0, "libical: an error in a property"
            return self._understood(calendar)
        finally:
            call.icalcomponent_free(calendar)

    def _understood(self, calendar: int) -> dict[str, Any]:
        event = self._library.icalcomponent_get_first_component(calendar, self._component_kind("VEVENT"))
        times = {"stamp": "DTSTAMP", "starts": "DTSTART", "ends": "DTEND"}
        sequence = self._value(event, "SEQUENCE")
        return {
            **{name: self._value(event, name.upper()) for name in TEXTS},
            "method": self._value(calendar, "METHOD"),
            "components": self._components(calendar),
            "sequence": None if sequence is None else int(sequence),
            **{name: self._moment(event, of, calendar) for name, of in times.items()},
            "organizer": self._people(event, "ORGANIZER")[0],
            "attendees": self._people(event, "ATTENDEE"),
        }

    def _component_kind(self, name: str) -> int:
        kind: int = self._library.icalcomponent_string_to_kind(name.encode())
        return kind

    def _components(self, calendar: int) -> list[str]:
        call, names = self._library, []
        anything = self._component_kind("ANY")
        component = call.icalcomponent_get_first_component(calendar, anything)
        while component:
            names.append(call.icalcomponent_kind_to_string(call.icalcomponent_isa(component)).decode())
            component = call.icalcomponent_get_next_component(calendar, anything)
        return names

    def _properties(self, component: int, name: str) -> list[int]:
        call, found = self._library, []
        kind = call.icalproperty_string_to_kind(name.encode())
        line = call.icalcomponent_get_first_property(component, kind)
        while line:
            found.append(line)
            line = call.icalcomponent_get_next_property(component, kind)
        return found

    def _value(self, component: int, name: str) -> str | None:
        lines = self._properties(component, name)
        if not lines:
            return None
        if name in {"SUMMARY", "LOCATION", "DESCRIPTION", "UID"}:
            text = self._library.icalvalue_get_text(self._library.icalproperty_get_value(lines[0]))
        else:
            text = self._library.icalproperty_get_value_as_string(lines[0])
        return str(text.decode())

    def _moment(self, event: int, name: str, calendar: int) -> int | str:
        line = self._properties(event, name)[0]
        time = self._library.icalproperty_get_datetime_with_component(line, calendar)
        if time.is_date:
            return f"{time.year:04}-{time.month:02}-{time.day:02}"
        return int(self._library.icaltime_as_timet_with_zone(time, time.zone))

    def _people(self, event: int, name: str) -> list[dict[str, Any]]:
        return [self._person(line) for line in self._properties(event, name)]

    def _person(self, line: int) -> dict[str, Any]:
        call = self._library
        said = {name: call.icalproperty_get_parameter_as_string(line, name.upper().encode()) for name in PARAMETERS}
        address = call.icalproperty_get_value_as_string(line).decode()
        return {"address": address} | {name: None if text is None else text.decode() for name, text in said.items()}
