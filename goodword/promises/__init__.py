"""The company's word: what was promised, by when, kept or broken."""
