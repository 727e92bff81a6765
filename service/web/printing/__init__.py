"""Codes on paper: sheets of slips, posters and lists of invitations, as PDF, as pages for the browser and as CSV."""
