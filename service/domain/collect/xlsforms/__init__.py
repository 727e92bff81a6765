"""XLSForm in and out: a workbook's rows to a questionnaire's JSON shape with everything found on the way, and back."""
