"""Mail in: an SMTP listener behind the local mail server."""
