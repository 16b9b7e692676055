import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0002_keys"),
        ("people", "0001_first"),
        ("tickets", "0001_first"),
    ]

    operations = [
        migrations.AlterField(
            model_name="draft",
            name="ticket",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ticket__isnull", True)), fields=("person", "box"), name="draft_alone_once"
            ),
        ),
    ]
