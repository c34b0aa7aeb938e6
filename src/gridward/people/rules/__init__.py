"""Pure decisions about people: who acts, what a posting may be, staffing, log-in, import rows. No
database."""
