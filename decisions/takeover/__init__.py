"""Running work of an older system, as it comes in files: read, and checked before anything is written."""
