"""The procedure at the desk: groups, cases, publication, the district."""
