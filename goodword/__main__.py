"""`python -m goodword` is the same as the `goodword` command."""

import sys

from goodword.cli import main

sys.exit(main())
