"""A TOML file made into teams, people, mailboxes and the rest: read, checked whole, then carried out by the rooms' own actions."""
