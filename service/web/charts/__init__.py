"""Charts: plain data with a table and a text in its place; a child process draws them as SVG or PNG."""
