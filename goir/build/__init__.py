"""Building programs: packages, passes, code generation, cache and link."""
