"""The door for readers: the report, a sign-up with double opt-in, and pages to change or end what one gets."""
