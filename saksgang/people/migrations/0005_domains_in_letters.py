"""Addresses whose domain was stored as it travels (xn--…) are stored in letters, as those that come from now on."""

from django.db import migrations


def in_letters(address):
    import idna

    local, at, domain = address.rpartition("@")
    try:
        letters = idna.decode(domain)
        return f"{local}{at}{letters}" if idna.encode(letters).decode("ascii") == domain else address
    except UnicodeError:
        return address


def forwards(apps, schema_editor):
    addresses = apps.get_model("people", "PersonAddress").objects
    for row in addresses.filter(address__contains="xn--").iterator():
        written = in_letters(row.address)
        # Where both forms are here, two persons were made of one: an administrator must say which counts.
        if written != row.address and not addresses.filter(address=written).exists():
            row.address = written
            row.save(update_fields=["address"])


class Migration(migrations.Migration):
    dependencies = [("people", "0004_met_by_mail")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
