"""SQLite, and nothing but: all SQL of the project lives here."""
