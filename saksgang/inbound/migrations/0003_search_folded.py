from django.db import migrations, models

from saksgang.lib.text import fold

BATCH = 1000


def fill(apps, schema_editor):
    """Folds what the ledger shows of the mails decided so far."""
    rows = apps.get_model("inbound", "InboundMail").objects.filter(pending=0)
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk").only("subject", "from_name", "from_address")[:BATCH]):
        for row in found:
            row.search_folded = fold(f"{row.subject} {row.from_name} {row.from_address}")
        rows.bulk_update(found, ["search_folded"])
        last = found[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("inbound", "0002_mail_proven"),
    ]

    operations = [
        migrations.AddField(
            model_name="inboundmail",
            name="search_folded",
            field=models.TextField(default=""),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
