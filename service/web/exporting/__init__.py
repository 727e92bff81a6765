"""Tables that are taken away: CSV, JSON lines and workbooks, and how they are handed out."""
