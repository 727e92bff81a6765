"""Flask: reads a request, makes one call to operations, writes the answer in the dialect of its URL prefix."""
