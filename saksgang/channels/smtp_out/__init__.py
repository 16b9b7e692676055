"""Mail out: hands mails to a relay by SMTP."""
