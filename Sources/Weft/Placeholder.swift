// Replaced by the language.
