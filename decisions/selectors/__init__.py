"""What pages and files show of decisions, and of all that lies under them."""
