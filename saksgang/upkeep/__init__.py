"""What the operations person runs: setting up, filling, checking, keeping and moving an installation."""
