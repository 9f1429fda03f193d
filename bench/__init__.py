"""How fast and how large the site is: ``make bench`` prints the table."""
