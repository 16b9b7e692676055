import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("tickets", "0001_first"),
        ("tickets", "0002_mail_proven"),
        ("tickets", "0003_indexes_for_size"),
        ("tickets", "0004_found_by_strangers"),
        ("tickets", "0005_given"),
        ("tickets", "0006_ward"),
        ("tickets", "0007_mentions"),
        ("tickets", "0008_category"),
        ("tickets", "0009_routing"),
        ("tickets", "0010_clarification"),
        ("tickets", "0011_tally"),
        ("tickets", "0012_merge"),
        ("tickets", "0013_calls"),
        ("tickets", "0014_ties"),
        ("tickets", "0015_escalation"),
        ("tickets", "0016_major"),
        ("tickets", "0017_challenge"),
        ("tickets", "0018_signed_in"),
        ("tickets", "0019_patient_harm"),
        ("tickets", "0020_what_is_rare"),
        ("tickets", "0021_assessed_index"),
        ("tickets", "0022_asked_by_rule"),
        ("tickets", "0023_moved_to_the_next_meeting"),
        ("tickets", "0024_ends_when_told"),
    ]

    initial = True

    dependencies = [
        ("catalogue", "0001_squashed_0008_routing_question"),
        ("people", "0001_squashed_0007_sections"),
    ]

    operations = [
        migrations.CreateModel(
            name="MajorIncident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                (
                    "impact",
                    models.CharField(
                        choices=[
                            ("organisation", "The whole hospital is affected"),
                            ("departments", "Some departments are affected"),
                            ("individuals", "Single users are affected (1–3)"),
                            ("unknown", "Don't know"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "consequence",
                    models.CharField(
                        choices=[
                            ("stops", "The work stops"),
                            ("degraded", "It works, but slowly or with a detour"),
                            ("nuisance", "A nuisance"),
                            ("unknown", "Don't know"),
                        ],
                        max_length=20,
                    ),
                ),
                ("began_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "Going on"), ("SOLVED", "Solved")], default="OPEN", max_length=10
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("resolution", models.TextField(default="")),
                ("solved_at", models.DateTimeField(null=True)),
                ("redacted_at", models.DateTimeField(null=True)),
                (
                    "announcement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.announcement",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="catalogue.category"),
                ),
                (
                    "department",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="people.department"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "redacted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                ("service", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalogue.service")),
                (
                    "solved_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.team")),
            ],
            options={
                "indexes": [models.Index(fields=["state", "-began_at", "-id"], name="major_newest")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="major_has_title"),
                    models.CheckConstraint(
                        condition=models.Q(("impact__in", ["organisation", "departments", "individuals"])),
                        name="major_says_impact",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("consequence__in", ["stops", "degraded", "nuisance"])),
                        name="major_says_consequence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("resolution", ""),
                                ("solved_at__isnull", True),
                                ("solved_by__isnull", True),
                                ("state", "OPEN"),
                            ),
                            models.Q(
                                ("solved_at__isnull", False),
                                ("solved_by__isnull", False),
                                ("state", "SOLVED"),
                                models.Q(("resolution", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="major_solved_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("redacted_at__isnull", True), ("redacted_by__isnull", True)),
                            models.Q(("redacted_at__isnull", False), ("redacted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="major_redaction_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MajorUpdate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField()),
                ("words_nn", models.TextField(default="")),
                ("words_en", models.TextField(default="")),
                ("at", models.DateTimeField()),
                ("redacted_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "major",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="updates", to="tickets.majorincident"
                    ),
                ),
                (
                    "redacted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="major_update_says"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("redacted_at__isnull", True), ("redacted_by__isnull", True)),
                            models.Q(("redacted_at__isnull", False), ("redacted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="major_update_redaction_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("INCOMING", "Message from the requester"),
                            ("ANSWER", "Answer"),
                            ("SOLUTION", "Solution"),
                            ("CLOSING", "Message on closing"),
                            ("REMINDER", "Reminder"),
                            ("STATUS", "Told how far it has come"),
                            ("NOTE", "Internal note"),
                            ("CONVERSATION", "Conversation"),
                            ("AUTOMATIC", "Automatic message"),
                            ("THANKS", "Thanks"),
                            ("OUTWARD", "Message to others"),
                            ("DIRECT", "Mail past the desk"),
                        ],
                        max_length=15,
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("PUBLIC", "Seen by the requester"),
                            ("INTERNAL", "Internal"),
                            ("OUTWARD", "Between us and a supplier"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("EMAIL", "E-mail"),
                            ("PHONE", "Phone"),
                            ("NOTE", "Sticky note"),
                            ("CHAT", "Chat"),
                            ("WALK_IN", "In person"),
                            ("FORM", "Form"),
                            ("API", "API"),
                            ("IMPORT", "Imported"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("author_name", models.CharField(max_length=200)),
                ("author_address", models.CharField(default="", max_length=254)),
                (
                    "sender_role",
                    models.CharField(
                        choices=[
                            ("REQUESTER", "Requester"),
                            ("OTHER", "Another sender"),
                            ("AGENT", "Agent"),
                            ("MACHINE", "Automatic"),
                            ("SUPPLIER", "Supplier"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField()),
                ("segments", models.JSONField(default=list)),
                ("html", models.TextField(default="")),
                ("cleaner_version", models.PositiveSmallIntegerField(default=0)),
                ("outcome", models.CharField(default="", max_length=20)),
                ("inbound_id", models.BigIntegerField(null=True)),
                ("header_id", models.CharField(default="", max_length=500)),
                ("copied", models.JSONField(default=list)),
                ("inner_name", models.CharField(default="", max_length=200)),
                ("inner_address", models.CharField(default="", max_length=254)),
                ("inner_source", models.CharField(default="", max_length=10)),
                ("unverified", models.BooleanField(default=False)),
                ("undecoded", models.JSONField(default=list)),
                ("settled_at", models.DateTimeField(null=True)),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("redacted_at", models.DateTimeField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "redacted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("REACHED", "Talked with"),
                            ("GIVEN_UP", "Could not be reached"),
                            ("WITHDRAWN", "Taken back before it was said"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="tickets.message"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)), fields=["due_at", "id"], name="call_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("message", "person"), name="call_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("done_by__isnull", True), ("outcome", "")),
                            models.Q(
                                ("done_at__isnull", False),
                                ("done_by__isnull", False),
                                ("outcome__in", ["REACHED", "GIVEN_UP", "WITHDRAWN"]),
                            ),
                            _connector="OR",
                        ),
                        name="call_done_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("inline", models.BooleanField(default=False)),
                ("redacted_at", models.DateTimeField(null=True)),
                (
                    "redacted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="tickets.message"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("redacted_at__isnull", True), ("redacted_by__isnull", True)),
                            models.Q(("redacted_at__isnull", False), ("redacted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="attachment_redaction_pair",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageRecipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(default="", max_length=200)),
                ("address", models.CharField(max_length=254)),
                ("copy", models.BooleanField(default=False)),
                ("cleared_answer", models.BooleanField(default=False)),
                ("owed_since", models.DateTimeField(null=True)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recipients", to="tickets.message"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="people.person"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("message", "address"), name="recipient_once"),
                    models.CheckConstraint(
                        condition=models.Q(("address", ""), _negated=True), name="recipient_address"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=250)),
                ("search_folded", models.TextField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("EMAIL", "E-mail"),
                            ("PHONE", "Phone"),
                            ("NOTE", "Sticky note"),
                            ("CHAT", "Chat"),
                            ("WALK_IN", "In person"),
                            ("FORM", "Form"),
                            ("API", "API"),
                            ("IMPORT", "Imported"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[("INCIDENT", "Incident"), ("SERVICE_REQUEST", "Service request"), ("ORDER", "Order")],
                        max_length=20,
                        null=True,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("NEW", "New"),
                            ("IN_PROGRESS", "In progress"),
                            ("WAITING_REQUESTER", "Waiting for requester"),
                            ("WAITING_THIRD_PARTY", "Waiting for others"),
                            ("PLANNED", "Planned"),
                            ("RESOLVED", "Solved"),
                            ("CLOSED", "Closed"),
                        ],
                        default="NEW",
                        max_length=20,
                    ),
                ),
                ("handed_over_count", models.PositiveSmallIntegerField(default=0)),
                ("taken_at", models.DateTimeField(null=True)),
                ("restricted", models.BooleanField(default=False)),
                ("sub_case_count", models.PositiveSmallIntegerField(default=0)),
                ("received_at", models.DateTimeField()),
                ("registered_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("state_since", models.DateTimeField()),
                ("team_since", models.DateTimeField()),
                ("lock_version", models.PositiveIntegerField(default=0)),
                ("assessed_at", models.DateTimeField(null=True)),
                ("proofs_lacking", models.PositiveSmallIntegerField(default=0)),
                (
                    "impact",
                    models.CharField(
                        choices=[
                            ("organisation", "The whole hospital is affected"),
                            ("departments", "Some departments are affected"),
                            ("individuals", "Single users are affected (1–3)"),
                            ("unknown", "Don't know"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                (
                    "consequence",
                    models.CharField(
                        choices=[
                            ("stops", "The work stops"),
                            ("degraded", "It works, but slowly or with a detour"),
                            ("nuisance", "A nuisance"),
                            ("unknown", "Don't know"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                ("time_critical", models.BooleanField(default=False)),
                ("needed_by", models.DateTimeField(null=True)),
                ("facts_lent", models.BooleanField(default=False)),
                ("danger", models.BooleanField(default=False)),
                ("danger_note", models.TextField(default="")),
                (
                    "patient_harm",
                    models.CharField(
                        choices=[("no", "No"), ("yes", "Yes"), ("unknown", "Don't know")], max_length=10, null=True
                    ),
                ),
                (
                    "harm_again",
                    models.CharField(
                        choices=[("no", "No"), ("yes", "Yes"), ("unknown", "Don't know")], max_length=10, null=True
                    ),
                ),
                ("deviation_number", models.CharField(default="", max_length=40)),
                ("deviation_reason", models.TextField(default="")),
                ("deviation_redacted_at", models.DateTimeField(null=True)),
                ("priority", models.PositiveSmallIntegerField(null=True)),
                ("priority_steps", models.JSONField(default=list)),
                ("override_priority", models.PositiveSmallIntegerField(null=True)),
                ("override_reason", models.TextField(default="")),
                ("override_at", models.DateTimeField(null=True)),
                ("override_stale", models.BooleanField(default=False)),
                ("open", models.PositiveSmallIntegerField(default=1)),
                ("queue_rank", models.PositiveSmallIntegerField(null=True)),
                (
                    "next_step",
                    models.CharField(
                        choices=[
                            ("ASSESS", "Assess"),
                            ("TAKE", "Take the case"),
                            ("ANSWER", "Answer"),
                            ("SOLVE", "Solve"),
                            ("SET_DATE", "Set a date"),
                            ("FOLLOW_UP", "Follow up"),
                            ("CHECK_WITH_REQUESTER", "Check with the requester"),
                            ("START", "Start as planned"),
                            ("GIVE_STATUS", "Tell how far it has come"),
                            ("CALL_AGAIN", "Call again"),
                            ("CONFIRM_SENDER", "Confirm the sender"),
                            ("ANSWER_AGAIN", "The answer did not arrive: answer again"),
                            ("CLARIFY", "To be clarified"),
                            ("CALL", "Phone"),
                        ],
                        max_length=30,
                        null=True,
                    ),
                ),
                ("next_step_due_at", models.DateTimeField(null=True)),
                (
                    "set_step",
                    models.CharField(
                        choices=[
                            ("ASSESS", "Assess"),
                            ("TAKE", "Take the case"),
                            ("ANSWER", "Answer"),
                            ("SOLVE", "Solve"),
                            ("SET_DATE", "Set a date"),
                            ("FOLLOW_UP", "Follow up"),
                            ("CHECK_WITH_REQUESTER", "Check with the requester"),
                            ("START", "Start as planned"),
                            ("GIVE_STATUS", "Tell how far it has come"),
                            ("CALL_AGAIN", "Call again"),
                            ("CONFIRM_SENDER", "Confirm the sender"),
                            ("ANSWER_AGAIN", "The answer did not arrive: answer again"),
                            ("CLARIFY", "To be clarified"),
                            ("CALL", "Phone"),
                        ],
                        max_length=30,
                        null=True,
                    ),
                ),
                ("set_step_due_at", models.DateTimeField(null=True)),
                ("postponed_to", models.DateTimeField(null=True)),
                ("postponed_count", models.PositiveSmallIntegerField(default=0)),
                ("clarify_due_at", models.DateTimeField(null=True)),
                ("clarifications_asked", models.PositiveSmallIntegerField(default=0)),
                ("at_triage", models.BooleanField(default=False)),
                ("take_due_at", models.DateTimeField(null=True)),
                ("answer_due_at", models.DateTimeField(null=True)),
                ("solve_due_at", models.DateTimeField(null=True)),
                ("promised_by", models.DateTimeField(null=True)),
                ("wait_until", models.DateTimeField(null=True)),
                ("waiting_for", models.CharField(default="", max_length=200)),
                ("waiting_reference", models.CharField(default="", max_length=100)),
                ("paused_since", models.DateTimeField(null=True)),
                ("paused_minutes", models.PositiveIntegerField(default=0)),
                ("pause_count", models.PositiveSmallIntegerField(default=0)),
                ("answers_owed", models.PositiveSmallIntegerField(default=0)),
                ("first_answered_at", models.DateTimeField(null=True)),
                ("last_word_at", models.DateTimeField(null=True)),
                ("reminders_sent", models.PositiveSmallIntegerField(default=0)),
                ("new_message_at", models.DateTimeField(null=True)),
                ("answer_failed_at", models.DateTimeField(null=True)),
                (
                    "ends_as",
                    models.CharField(
                        choices=[
                            ("RESOLVED", "Solved"),
                            ("REFERRED", "Referred to somebody else"),
                            ("DECLINED", "Declined"),
                            ("BECAME_IMPROVEMENT", "Became an improvement"),
                            ("BECAME_PROJECT", "Became a project"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                ("resolution", models.TextField(default="")),
                ("technical_resolution", models.TextField(default="")),
                ("resolved_at", models.DateTimeField(null=True)),
                ("close_after", models.DateTimeField(null=True)),
                (
                    "close_reason",
                    models.CharField(
                        choices=[
                            ("MERGED", "Merged"),
                            ("DUPLICATE", "Duplicate of another case"),
                            ("SPAM", "Spam"),
                            ("MISTAKE", "Registered by mistake"),
                            ("WITHDRAWN", "Withdrawn by the requester"),
                            ("NO_REPLY", "No reply after two reminders"),
                            ("REFERRED", "Referred to somebody else"),
                            ("DECLINED", "Declined"),
                            ("BECAME_IMPROVEMENT", "Became an improvement"),
                            ("BECAME_PROJECT", "Became a project"),
                            ("UNREACHABLE", "The requester could not be reached"),
                            ("ANSWERED_ORALLY", "Answered orally"),
                            ("IMPORTED", "Imported as closed"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                ("close_note", models.TextField(default="")),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by_robot", models.CharField(default="", max_length=40)),
                ("reopened_count", models.PositiveSmallIntegerField(default=0)),
                ("given_at", models.DateTimeField(null=True)),
                ("thanked_at", models.DateTimeField(null=True)),
                ("place", models.CharField(default="", max_length=100)),
                ("callback_number", models.CharField(default="", max_length=30)),
                ("equipment_number", models.CharField(default="", max_length=60)),
                ("old_system", models.CharField(default="", max_length=40)),
                ("old_number", models.CharField(default="", max_length=40)),
                (
                    "affected_department",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="people.department"),
                ),
                (
                    "assessed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assigned_tickets",
                        to="people.person",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="catalogue.category"),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "deviation_redacted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "last_assignee",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "major",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="tickets.majorincident",
                    ),
                ),
                (
                    "override_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sub_cases",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "routing_rule",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="catalogue.routingrule"
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="catalogue.service"),
                ),
                ("team", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="people.team")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["queue_rank", "received_at", "id"], name="ticket_queue"),
                    models.Index(fields=["team", "queue_rank", "received_at", "id"], name="ticket_team_queue"),
                    models.Index(fields=["assignee", "open", "next_step_due_at"], name="ticket_assignee"),
                    models.Index(fields=["open", "next_step_due_at"], name="ticket_due"),
                    models.Index(fields=["team", "open", "next_step_due_at"], name="ticket_team_due"),
                    models.Index(fields=["open", "answers_owed", "answer_due_at"], name="ticket_owed"),
                    models.Index(fields=["open", "next_step", "next_step_due_at"], name="ticket_step"),
                    models.Index(fields=["team", "state"], name="ticket_team_state"),
                    models.Index(fields=["state", "close_after"], name="ticket_closing"),
                    models.Index(fields=["state", "wait_until"], name="ticket_waiting"),
                    models.Index(fields=["affected_department", "open", "changed_at"], name="ticket_ward"),
                    models.Index(fields=["changed_at"], name="ticket_changed"),
                    models.Index(fields=["old_number"], name="ticket_old_number"),
                    models.Index(fields=["open", "priority", "received_at", "id"], name="ticket_urgent"),
                    models.Index(fields=["open", "handed_over_count"], name="ticket_pingpong"),
                    models.Index(
                        condition=models.Q(("major__isnull", False)), fields=["major", "state"], name="ticket_of_major"
                    ),
                    models.Index(
                        condition=models.Q(("parent__isnull", False)),
                        fields=["parent", "open"],
                        name="ticket_of_parent",
                    ),
                    models.Index(
                        condition=models.Q(("facts_lent", False), ("restricted", False)),
                        fields=["team", "assessed_at", "category", "override_priority", "restricted", "facts_lent"],
                        name="ticket_assessed",
                    ),
                    models.Index(condition=models.Q(("restricted", True)), fields=["id"], name="ticket_restricted"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("open", 0),
                            models.Q(
                                (
                                    "next_step__in",
                                    [
                                        "ASSESS",
                                        "TAKE",
                                        "ANSWER",
                                        "SOLVE",
                                        "SET_DATE",
                                        "FOLLOW_UP",
                                        "CHECK_WITH_REQUESTER",
                                        "START",
                                        "GIVE_STATUS",
                                        "CALL_AGAIN",
                                        "CONFIRM_SENDER",
                                        "ANSWER_AGAIN",
                                        "CLARIFY",
                                        "CALL",
                                    ],
                                ),
                                ("next_step__isnull", False),
                                ("next_step_due_at__isnull", False),
                                ("open", 1),
                                ("team__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_open_has_next_step",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("open", 1),
                                (
                                    "state__in",
                                    ["IN_PROGRESS", "NEW", "PLANNED", "WAITING_REQUESTER", "WAITING_THIRD_PARTY"],
                                ),
                            ),
                            models.Q(("open", 0), ("state__in", ["CLOSED", "RESOLVED"])),
                            _connector="OR",
                        ),
                        name="ticket_open_says_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("queue_rank__in", [10, 15, 20, 30, 40]),
                                ("queue_rank__isnull", False),
                                ("state__in", ["IN_PROGRESS", "NEW"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["IN_PROGRESS", "NEW"]), _negated=True),
                                ("queue_rank__isnull", True),
                            ),
                            models.Q(
                                ("next_step", "CONFIRM_SENDER"),
                                ("next_step__isnull", False),
                                ("queue_rank", 15),
                                ("queue_rank__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_queue_rank",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("open", 1),
                            ("answers_owed", 0),
                            models.Q(
                                (
                                    "close_reason__in",
                                    (
                                        "MERGED",
                                        "DUPLICATE",
                                        "SPAM",
                                        "MISTAKE",
                                        "UNREACHABLE",
                                        "ANSWERED_ORALLY",
                                        "IMPORTED",
                                    ),
                                ),
                                ("close_reason__isnull", False),
                                ("closed_at__isnull", False),
                                ("state", "CLOSED"),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_answered_before_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_as__isnull", True),
                            models.Q(
                                ("clarify_due_at__isnull", True),
                                (
                                    "ends_as__in",
                                    ["RESOLVED", "REFERRED", "DECLINED", "BECAME_IMPROVEMENT", "BECAME_PROJECT"],
                                ),
                                ("ends_as__isnull", False),
                                ("new_message_at__isnull", True),
                                ("open", 1),
                                ("wait_until__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_ends_when_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("set_step__isnull", True), ("set_step_due_at__isnull", True)),
                            models.Q(("set_step__isnull", False), ("set_step_due_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="ticket_set_step_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assignee__isnull", True), ("taken_at__isnull", True)),
                            models.Q(("assignee__isnull", False), ("taken_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="ticket_taken_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_at__isnull", True), ("given_by__isnull", True)),
                            models.Q(
                                ("assignee__isnull", False), ("given_at__isnull", False), ("given_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="ticket_given_to_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assessed_at__isnull", True), ("assessed_by__isnull", True)),
                            models.Q(("assessed_at__isnull", False), ("assessed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="ticket_assessed_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", True), ("resolved_by__isnull", True)),
                            models.Q(("resolved_at__isnull", False), ("resolved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="ticket_resolved_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("override_at__isnull", True),
                                ("override_by__isnull", True),
                                ("override_priority__isnull", True),
                            ),
                            models.Q(
                                ("override_at__isnull", False),
                                ("override_by__isnull", False),
                                ("override_priority__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_override_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("override_priority__isnull", True),
                            models.Q(("override_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="ticket_override_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("closed_by_robot", ""),
                                ("state", "CLOSED"),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", True),
                                ("state", "CLOSED"),
                                models.Q(("closed_by_robot", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "CLOSED"), _negated=True),
                                ("close_reason__isnull", True),
                                ("closed_at__isnull", True),
                                ("closed_by__isnull", True),
                                ("closed_by_robot", ""),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_closed_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "CLOSED"), _negated=True),
                            ("close_reason__isnull", False),
                            ("resolved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="ticket_closed_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", True), models.Q(("state", "RESOLVED"), _negated=True)),
                            models.Q(
                                ("resolved_at__isnull", False),
                                ("type__in", ["INCIDENT", "SERVICE_REQUEST", "ORDER"]),
                                ("type__isnull", False),
                                models.Q(("resolution", ""), _negated=True),
                                models.Q(
                                    models.Q(("type", "INCIDENT"), _negated=True),
                                    models.Q(
                                        ("consequence__in", ["stops", "degraded", "nuisance"]),
                                        ("consequence__isnull", False),
                                        ("impact__in", ["organisation", "departments", "individuals"]),
                                        ("impact__isnull", False),
                                        ("service__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_resolved_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("category__isnull", True),
                            models.Q(("service__isnull", False), ("type__isnull", False)),
                            _connector="OR",
                        ),
                        name="ticket_category_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proofs_lacking", 0),
                            models.Q(
                                ("resolved_at__isnull", True),
                                models.Q(
                                    ("close_reason__isnull", True),
                                    models.Q(("close_reason", "ANSWERED_ORALLY"), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_given_to_the_proven",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("assessed_at__isnull", True),
                                ("override_priority__isnull", True),
                                ("priority__isnull", True),
                            ),
                            models.Q(
                                ("assessed_at__isnull", False),
                                ("priority__gte", 1),
                                ("priority__isnull", False),
                                ("priority__lte", 4),
                            ),
                            models.Q(
                                ("override_priority__isnull", False),
                                ("priority__gte", 1),
                                ("priority__isnull", False),
                                ("priority__lte", 4),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_priority_when_assessed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("time_critical", False), ("needed_by__isnull", False), _connector="OR"),
                        name="ticket_time_critical_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("at_triage", False),
                            models.Q(("at_triage", True), ("clarify_due_at__isnull", False), ("open", 1)),
                            _connector="OR",
                        ),
                        name="ticket_at_triage_until",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="ticket_not_under_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("restricted", False),
                            models.Q(("major__isnull", True), ("restricted", True)),
                            _connector="OR",
                        ),
                        name="ticket_restricted_by_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("facts_lent", False),
                            models.Q(("assessed_at__isnull", False), ("facts_lent", True), ("major__isnull", False)),
                            _connector="OR",
                        ),
                        name="ticket_lent_by_its_major",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("danger", False), models.Q(("danger_note", ""), _negated=True), _connector="OR"
                        ),
                        name="ticket_danger_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("patient_harm__isnull", True),
                            models.Q(("patient_harm", "yes"), _negated=True),
                            ("open", 1),
                            models.Q(("deviation_number", ""), _negated=True),
                            models.Q(("deviation_reason", ""), _negated=True),
                            models.Q(
                                ("close_reason__in", ["SPAM", "MISTAKE", "DUPLICATE", "IMPORTED"]),
                                ("close_reason__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_harm_is_reported",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("harm_again__isnull", True),
                            models.Q(
                                ("harm_again__in", ["no", "yes", "unknown"]),
                                ("patient_harm", "yes"),
                                ("patient_harm__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_again_of_a_harm",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("patient_harm__isnull", True),
                            models.Q(
                                ("patient_harm__in", ["no", "yes", "unknown"]),
                                ("type", "INCIDENT"),
                                ("type__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_harm_is_an_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deviation_redacted_at__isnull", True), ("deviation_redacted_by__isnull", True)),
                            models.Q(
                                ("deviation_redacted_at__isnull", False), ("deviation_redacted_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="ticket_deviation_redacted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["PLANNED", "WAITING_REQUESTER", "WAITING_THIRD_PARTY"]),
                                ("wait_until__isnull", False),
                            ),
                            models.Q(
                                models.Q(
                                    ("state__in", ["PLANNED", "WAITING_REQUESTER", "WAITING_THIRD_PARTY"]),
                                    _negated=True,
                                ),
                                ("wait_until__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_waits_until",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minutes", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                ("category", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalogue.category")),
                (
                    "department",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="people.department"),
                ),
                (
                    "team",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.team"),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["category", "department", "at"], name="tally_alike"),
                    models.Index(fields=["-at", "-id"], name="tally_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 1), ("minutes__lte", 240)), name="tally_minutes"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="message",
            name="came_for",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.ticket"
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="detached_from",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.ticket"
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="tickets.ticket"
            ),
        ),
        migrations.CreateModel(
            name="MajorMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined_at", models.DateTimeField()),
                ("former", models.JSONField(default=dict)),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "joined_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "left_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "major",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="tickets.majorincident"
                    ),
                ),
                (
                    "told",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.majorupdate",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at__isnull", True)), fields=("ticket",), name="major_member_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_at__isnull", True), ("left_by__isnull", True)),
                            models.Q(("left_at__isnull", False), ("left_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="major_member_left_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("RUNG_BACK", "Rung back on the number we have"),
                            ("LEADER", "Confirmed by their leader"),
                            ("CARD", "Met with card"),
                            ("SIGNED_IN", "Signed in"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(default="", max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "person"), name="proof_once"),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["RUNG_BACK", "LEADER", "CARD", "SIGNED_IN"])),
                        name="proof_says_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("way", "LEADER"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="proof_names_leader",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person", models.F("by")), ("way", "SIGNED_IN")),
                            models.Q(
                                models.Q(("way", "SIGNED_IN"), _negated=True),
                                models.Q(("person", models.F("by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="proof_of_oneself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clarification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("challenge", models.BooleanField(default=False)),
                ("urgent", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField()),
                ("at_meeting", models.BooleanField(default=False)),
                ("postponed_count", models.PositiveSmallIntegerField(default=0)),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("TO_TEAM", "To a team"),
                            ("ANSWERED", "Back with an answer"),
                            ("DECLINED", "Declined"),
                            ("IMPROVEMENT", "Improvement"),
                            ("PROJECT", "Project"),
                            ("REFERRED", "Other department or supplier"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(default="")),
                ("escalated_at", models.DateTimeField(null=True)),
                ("redacted_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "asking_assignee",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "asking_team",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.team"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "escalated_to",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "redacted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.routingrule",
                    ),
                ),
                (
                    "triage",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.team"),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clarifications", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("decision__isnull", True)),
                        fields=["due_at", "id"],
                        name="clarification_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decision__isnull", True)),
                        fields=("ticket",),
                        name="clarification_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("question", ""), _negated=True), name="clarification_asks"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_by__isnull", False), ("rule__isnull", True)),
                            models.Q(("asked_by__isnull", True), ("rule__isnull", False)),
                            _connector="OR",
                        ),
                        name="clarification_asked_by_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("decision__isnull", True),
                                ("reason", ""),
                            ),
                            models.Q(
                                (
                                    "decision__in",
                                    ["TO_TEAM", "ANSWERED", "DECLINED", "IMPROVEMENT", "PROJECT", "REFERRED"],
                                ),
                                ("decision__isnull", False),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="clarification_decided_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("escalated_to__isnull", True), ("escalated_at__isnull", False), _connector="OR"
                        ),
                        name="clarification_escalated_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("redacted_at__isnull", True), ("redacted_by__isnull", True)),
                            models.Q(("redacted_at__isnull", False), ("redacted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="clarification_redaction_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketFollower",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=254)),
                ("name", models.CharField(default="", max_length=200)),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="followers", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("ticket", "address"), name="follower_once")],
            },
        ),
        migrations.CreateModel(
            name="TicketLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("MERGED", "was merged into"),
                            ("DUPLICATE", "is a duplicate of"),
                            ("SPLIT", "was split from"),
                            ("RELATED", "belongs with"),
                            ("FOLLOWS", "follows"),
                            ("DETACHED", "was detached from"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="linked_from", to="tickets.ticket"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "other", "kind"), name="link_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ticket", models.F("other")), _negated=True), name="link_not_to_itself"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketMailbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mailbox", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalogue.mailbox")),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mailboxes", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("ticket", "mailbox"), name="ticket_mailbox_once")],
            },
        ),
        migrations.CreateModel(
            name="TicketMention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mentions", to="tickets.message"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mentions", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["person", "ticket"],
                        name="mention_open",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("message", "person"), name="mention_once")],
            },
        ),
        migrations.CreateModel(
            name="TicketMerge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("message_ids", models.JSONField(default=list)),
                ("before", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="absorbed", to="tickets.ticket"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="tickets.ticket"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)), fields=("ticket",), name="merge_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ticket", models.F("into")), _negated=True), name="merge_into_another"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="merge_undone_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.person")),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readers", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("ticket", "person"), name="reader_once")],
            },
        ),
        migrations.CreateModel(
            name="TicketRequester",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contact_name", models.CharField(default="", max_length=200)),
                ("answer_owed_since", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requested_tickets",
                        to="people.person",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requesters", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "ticket"], name="requester_person")],
                "constraints": [models.UniqueConstraint(fields=("ticket", "person"), name="requester_once")],
            },
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["ticket", "id"], name="message_ticket"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["header_id"], name="message_header_id"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("redacted_at__isnull", True), ("redacted_by__isnull", True)),
                    models.Q(("redacted_at__isnull", False), ("redacted_by__isnull", False)),
                    _connector="OR",
                ),
                name="message_redaction_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("settled_by__isnull", True)),
                    models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="message_settled_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("inbound_id",), name="message_of_one_mail"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "NOTE"), _negated=True), ("visibility", "INTERNAL"), _connector="OR"
                ),
                name="message_note_is_internal",
            ),
        ),
    ]
