"""Teaching a policy: its boundaries as pairs of questions one step apart. The engine holds the right answers."""

from goodword.engine.teaching.questions import Drill, Question, drill

__all__ = ["Drill", "Question", "drill"]
