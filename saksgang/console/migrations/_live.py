"""What PostgreSQL itself does when a page should hear of something; used by the migrations that make the tables for it."""

from __future__ import annotations

# PostgreSQL calls the processes that serve pages whenever one of these tables changes; SQLite is asked (console/live/sources.py).
# One call for each statement, and alike ones of a transaction are one: an import of thousands calls a few times.
FUNCTIONS = [
    """
    CREATE OR REPLACE FUNCTION saksgang_tell_events() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      ends text := (SELECT min(id) || ' ' || max(id) FROM fresh);
    BEGIN
      IF ends IS NOT NULL THEN
        PERFORM pg_notify('saksgang_live', 'events ' || ends);
      END IF;
      RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION saksgang_tell() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_notify('saksgang_live', TG_ARGV[0]);
      RETURN NULL;
    END $$
    """,
]
TRIGGERS = {
    "events_event_told": "AFTER INSERT ON events_event REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION saksgang_tell_events()",
    "outbound_mail_told": "AFTER UPDATE ON outbound_outboundmail FOR EACH STATEMENT EXECUTE FUNCTION saksgang_tell('mails')",
    "console_presence_told": "AFTER INSERT OR UPDATE OR DELETE ON console_presence FOR EACH STATEMENT EXECUTE FUNCTION saksgang_tell('presence')",
    "session_end_told": "AFTER DELETE ON django_session FOR EACH STATEMENT EXECUTE FUNCTION saksgang_tell('sessions')",
}


def tell(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in FUNCTIONS:
            schema_editor.execute(statement)
        for name, words in TRIGGERS.items():
            schema_editor.execute(f"CREATE OR REPLACE TRIGGER {name} {words}")
