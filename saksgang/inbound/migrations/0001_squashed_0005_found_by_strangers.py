import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("inbound", "0001_first"),
        ("inbound", "0002_mail_proven"),
        ("inbound", "0003_search_folded"),
        ("inbound", "0004_indexes_for_size"),
        ("inbound", "0005_found_by_strangers"),
    ]

    initial = True

    dependencies = [
        ("catalogue", "0001_squashed_0008_routing_question"),
        ("people", "0001_squashed_0007_sections"),
        ("tickets", "0001_squashed_0024_ends_when_told"),
    ]

    operations = [
        migrations.CreateModel(
            name="InboundMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "door",
                    models.CharField(
                        choices=[("smtp", "SMTP"), ("imap", "IMAP"), ("pipe", "Command"), ("demo", "Demo")],
                        max_length=10,
                    ),
                ),
                ("raw_sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("envelope_from", models.CharField(max_length=254, null=True)),
                ("envelope_to", models.CharField(default="", max_length=254)),
                ("received_at", models.DateTimeField()),
                ("uidvalidity", models.BigIntegerField(null=True)),
                ("uid", models.BigIntegerField(null=True)),
                ("message_id", models.CharField(default="", max_length=500)),
                ("from_name", models.CharField(default="", max_length=200)),
                ("from_address", models.CharField(default="", max_length=254)),
                ("subject", models.CharField(default="", max_length=250)),
                ("search_folded", models.TextField(default="")),
                ("sent_at", models.DateTimeField(null=True)),
                ("mail_class", models.CharField(default="", max_length=12)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new_ticket", "New case"),
                            ("reply", "Joined a case"),
                            ("duplicate", "Same mail again"),
                            ("bounce", "Not delivered"),
                            ("set_aside", "Set aside"),
                            ("heartbeat", "Our own test mail"),
                        ],
                        max_length=12,
                        null=True,
                    ),
                ),
                ("reasons", models.JSONField(default=list)),
                ("decided_at", models.DateTimeField(null=True)),
                ("repeats", models.PositiveIntegerField(default=0)),
                ("repeated_at", models.DateTimeField(null=True)),
                ("set_aside_reason", models.CharField(default="", max_length=40)),
                ("due_at", models.DateTimeField(null=True)),
                ("handled_at", models.DateTimeField(null=True)),
                ("handled_note", models.TextField(default="")),
                ("claimed_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("try_at", models.DateTimeField()),
                ("last_error", models.TextField(default="")),
                ("pending", models.PositiveSmallIntegerField(default=1)),
                ("purge_after", models.DateTimeField()),
                ("redacted_at", models.DateTimeField(null=True)),
                ("redacted_by_id", models.BigIntegerField(null=True)),
                (
                    "about",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.ticket"
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="inbound.inboundmail"),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                ("mailbox", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalogue.mailbox")),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["pending", "try_at", "id"], name="inbound_pending"),
                    models.Index(fields=["outcome", "handled_at", "due_at"], name="inbound_tray"),
                    models.Index(fields=["ticket"], name="inbound_ticket"),
                    models.Index(fields=["received_at", "id"], name="inbound_received"),
                    models.Index(fields=["pending", "received_at"], name="inbound_waiting"),
                    models.Index(fields=["outcome", "received_at"], name="inbound_outcome"),
                    models.Index(fields=["mailbox", "received_at"], name="inbound_mailbox"),
                    models.Index(fields=["from_address", "subject"], name="inbound_sender"),
                    models.Index(fields=["message_id"], name="inbound_message_id"),
                    models.Index(fields=["raw_sha256"], name="inbound_sha256"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("mailbox", "uidvalidity", "uid"), name="inbound_uid_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("uid__isnull", True), ("uidvalidity__isnull", True)),
                            models.Q(("uid__isnull", False), ("uidvalidity__isnull", False)),
                            _connector="OR",
                        ),
                        name="inbound_uid_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("outcome__isnull", True), ("pending", 1)),
                            models.Q(
                                ("decided_at__isnull", False),
                                (
                                    "outcome__in",
                                    ["new_ticket", "reply", "duplicate", "bounce", "set_aside", "heartbeat"],
                                ),
                                ("outcome__isnull", False),
                                ("pending", 0),
                            ),
                            _connector="OR",
                        ),
                        name="inbound_decided_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__isnull", True),
                            models.Q(("outcome__in", ["new_ticket", "reply"]), ("ticket__isnull", False)),
                            models.Q(("duplicate_of__isnull", False), ("outcome", "duplicate")),
                            models.Q(("outcome", "bounce"), ("ticket__isnull", False)),
                            ("outcome", "heartbeat"),
                            models.Q(
                                ("due_at__isnull", False),
                                ("outcome", "set_aside"),
                                models.Q(("set_aside_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="inbound_has_its_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handled_at__isnull", True), ("handled_by__isnull", True)),
                            models.Q(("handled_at__isnull", False), ("handled_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="inbound_handled_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("redacted_at__isnull", True), ("redacted_by_id__isnull", True)),
                            models.Q(("redacted_at__isnull", False), ("redacted_by_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="inbound_redaction_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailboxWatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holder", models.CharField(default="", max_length=100)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("failing_since", models.DateTimeField(null=True)),
                ("last_error", models.TextField(default="")),
                ("count_wanted_at", models.DateTimeField(null=True)),
                ("counted_at", models.DateTimeField(null=True)),
                ("waiting", models.PositiveIntegerField(default=0)),
                ("kept", models.PositiveIntegerField(default=0)),
                ("in_ledger", models.PositiveIntegerField(default=0)),
                ("missing", models.PositiveIntegerField(default=0)),
                ("heartbeat_wanted_at", models.DateTimeField(null=True)),
                ("heartbeat_sent_at", models.DateTimeField(null=True)),
                ("heartbeat_back_at", models.DateTimeField(null=True)),
                ("heartbeat_out_since", models.DateTimeField(null=True)),
                (
                    "mailbox",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="watch", to="catalogue.mailbox"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MailIdentity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                (
                    "mail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="identities", to="inbound.inboundmail"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("promised", "Sent"),
                            ("held", "Held back for now"),
                            ("told", "Told of in a later receipt"),
                            ("withheld", "Not sent"),
                            ("needless", "Answered before it could be sent"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(default="", max_length=30)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "at"], name="receipt_state"),
                    models.Index(fields=["person", "at"], name="receipt_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["promised", "held", "told", "withheld", "needless"])),
                        name="receipt_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["held", "withheld"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="receipt_says_why",
                    ),
                ],
            },
        ),
    ]
