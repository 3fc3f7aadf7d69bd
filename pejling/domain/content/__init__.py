"""Content files: question sets and plans, read strictly and checked by the method."""
