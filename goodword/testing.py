"""Loaded by pytest (`-p goodword.testing` in pyproject.toml) before Django reads its settings.

A conftest would be too late: pytest-django loads the settings first.
"""

import atexit
import os
import shutil
import tempfile

if os.environ.get("GOODWORD_TESTING") != "1":
    _FOLDER = tempfile.mkdtemp(prefix="goodword-test-")
    os.environ["GOODWORD_TESTING"] = "1"
    os.environ["GOODWORD_DATA"] = _FOLDER
    atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
