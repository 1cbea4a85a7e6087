"""Stories that are the same story: signatures of texts, and which articles resemble each other."""
