"""Go source to syntax tree: lexer, parser, positions (issue 2)."""
