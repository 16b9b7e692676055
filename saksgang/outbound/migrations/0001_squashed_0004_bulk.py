import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("outbound", "0001_first"),
        ("outbound", "0002_keys"),
        ("outbound", "0003_mail_proven"),
        ("outbound", "0004_bulk"),
    ]

    initial = True

    dependencies = [
        ("tickets", "0001_squashed_0024_ends_when_told"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutboundMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=20)),
                ("recipient", models.CharField(max_length=254)),
                ("envelope_from", models.CharField(max_length=254)),
                ("header_id", models.CharField(max_length=300, unique=True)),
                ("raw_sha256", models.CharField(max_length=64)),
                ("bulk", models.BooleanField(default=False)),
                ("clears_answer", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting to be sent"),
                            ("sent", "Delivered"),
                            ("delayed", "Delayed"),
                            ("failed", "Not delivered"),
                            ("bounced", "Came back"),
                            ("withdrawn", "Taken back before it was sent"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("pending", models.PositiveSmallIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("try_at", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(default="")),
                (
                    "bounce",
                    models.CharField(
                        choices=[
                            ("hard", "For good: there is no such address"),
                            ("soft", "For now: a full mailbox, a server that was away"),
                        ],
                        default="",
                        max_length=4,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.message"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["pending", "try_at", "id"], name="outbound_pending"),
                    models.Index(fields=["ticket"], name="outbound_ticket"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("event_id", "recipient"), name="outbound_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pending", 1), ("sent_at__isnull", True), ("state__in", ["queued", "delayed"])),
                            models.Q(
                                ("pending", 0),
                                ("sent_at__isnull", False),
                                ("state__in", ["sent", "bounced", "delayed"]),
                            ),
                            models.Q(("failed_at__isnull", False), ("pending", 0), ("state", "failed")),
                            models.Q(("pending", 0), ("sent_at__isnull", True), ("state", "withdrawn")),
                            _connector="OR",
                        ),
                        name="outbound_state_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboundAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("code", models.PositiveSmallIntegerField(null=True)),
                ("answer", models.TextField(default="")),
                (
                    "mail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tries", to="outbound.outboundmail"
                    ),
                ),
            ],
        ),
    ]
