"""DMN 1.5 models: decision tables and FEEL of other tools, read from their XML and run as DMN says.

`read_dmn` turns a model's text into its decisions; `run` decides one of them. DMN answers null where a book would ask
or tell an error: here the answer is null, too, and `problems` says why.
"""

from goodword.engine.dmn.model import Model, ModelError
from goodword.engine.dmn.reading import read_dmn
from goodword.engine.dmn.running import Result, run

__all__ = ["Model", "ModelError", "Result", "read_dmn", "run"]
