"""xDSL's parser, for what xDSL's printer writes."""

from __future__ import annotations

from xdsl.parser import Parser
from xdsl.utils.mlir_lexer import MLIRTokenKind, StringLiteral


class TextParser(Parser):
    """Takes a string literal with escapes beyond ASCII for a string: xDSL prints strings that way, and reads bytes."""

    def parse_optional_str_literal(self) -> str | None:
        value = super().parse_optional_str_literal()
        if value is None and self._current_token.kind == MLIRTokenKind.BYTES_LIT:
            literal = StringLiteral.from_span(self._current_token.span)
            assert literal is not None
            try:
                value = literal.string_contents
            except UnicodeDecodeError:
                return None
            self._consume_token()
        return value
