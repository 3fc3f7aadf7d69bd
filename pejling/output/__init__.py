"""What leaves the house: charts, files, codes. Takes numbers, never looks them up."""
