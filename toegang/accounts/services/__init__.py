"""What changes in accounts, one function per operation."""
