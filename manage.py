#!/usr/bin/env python
"""The commands of Samen."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    if sys.argv[1:2] == ["up"] and "--demo" in sys.argv:
        os.environ["DEMO"] = "1"  # here, because the settings are read before a command sees its options
    execute_from_command_line(sys.argv)
