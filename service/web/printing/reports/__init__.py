"""The report of a round on paper: facts in words, charts, DOCX and HTML, all made in a child process."""
