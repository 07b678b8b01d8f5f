"""The stage: what shows, asks and checks. Learners need not read it."""
