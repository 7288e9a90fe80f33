#!/usr/bin/env python3
"""Starts editprep's command of this file's name with the same words."""
import os
import shutil
import sys

here, file_name = os.path.split(os.path.abspath(__file__))
name = file_name.removesuffix(".py")
installed = os.path.join(here, "..", "..", "..", "..", "bin")
folders = [os.environ.get("EDITPREP_BIN"), here, os.environ.get("PATH"), installed]
program = shutil.which(name, path=os.pathsep.join(filter(None, folders)))
if program is None:
    sys.exit(f"ERROR: {name} is not installed: put editprep's commands in PATH, "
             "or name their folder in EDITPREP_BIN")
os.execv(program, [program, *sys.argv[1:]])
