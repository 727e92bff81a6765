"""Rules of the procedure around a score: groups, self-evaluations, cases, publication, consequences."""
