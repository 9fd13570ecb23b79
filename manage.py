#!/usr/bin/env python
"""The commands of Samen."""

import os
import sys

from django.core.management import execute_from_command_line

from project.deployment.private_files import ONLY_OURS

FOR_EVERYBODY = {
    "collectstatic",
    "makemigrations",
    "messages",
}  # what these write is no secret: a web server or a colleague reads it

if __name__ == "__main__":
    if not FOR_EVERYBODY & set(sys.argv[1:2]):
        os.umask(ONLY_OURS)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    if sys.argv[1:2] == ["up"] and "--demo" in sys.argv:
        os.environ["DEMO"] = "1"  # here, because the settings are read before a command sees its options
    execute_from_command_line(sys.argv)
