#!/usr/bin/env python
"""Runs the management commands of Samen."""

import os
import sys

from django.core.management import execute_from_command_line

from project.deployment.private_files import ONLY_OURS

# Commands that write files for others, such as the web server. Everything else that we write is private.
FOR_EVERYBODY = {"collectstatic", "makemigrations", "messages"}

if __name__ == "__main__":
    if not FOR_EVERYBODY & set(sys.argv[1:2]):
        os.umask(ONLY_OURS)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    if sys.argv[1:2] == ["up"] and "--demo" in sys.argv:
        os.environ["DEMO"] = "1"  # here, because settings are read before a command parses its options
    execute_from_command_line(sys.argv)
