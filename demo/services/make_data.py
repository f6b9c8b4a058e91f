"""
Makes the data of the demo: all of it invented, the same on every computer.

    python make_data.py sap FILE ROWS           general ledger of the SAP stand-in
    python make_data.py mails FOLDER            mails with invoices, half as CSV, half as Excel (needs openpyxl)
    python make_data.py complaints FILE ROWS    complaints with names, e-mail addresses and IBANs
    python make_data.py clinical FILE ROWS      patients of a clinical study
    python make_data.py bank FILE ROWS          bank statement, and beside it an extract of the ledger

A file is written beside its name and renamed, so that one that is there is complete. IBANs have a right checksum and
a bank that does not exist; e-mail addresses end in example.com (RFC 2606).
"""

import csv
import os
import sqlite3
import sys
from email.message import EmailMessage
from pathlib import Path

FIRST_NAMES = ("Anna", "Benjamin", "Chiara", "David", "Emma", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Katya", "Liam")
LAST_NAMES = ("Almeida", "Bauer", "Costa", "Dupont", "Eriksen", "Fischer", "Garcia", "Horvat", "Ito", "Jansen", "Kaya")
ERP_VENDORS = ("Northwind Paper", "Contoso Logistics", "Fabrikam Tools", "Tailspin Travel", "Litware IT", "Proseware Print")


def made_up_iban(number):
    """An IBAN with a right checksum and the made-up bank 99999999.

    Source: ISO 13616, ISO 7064 MOD 97-10.
    """
    account = f"99999999{number:010d}"
    check = 98 - int(account + "131400") % 97
    return f"DE{check:02d}{account}"


def in_one_step(path, write):
    """Calls ``write`` with a temporary name beside ``path`` and gives the result its name when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.part")
    if temporary.exists():
        temporary.unlink()
    write(temporary)
    os.replace(temporary, path)


def fill_database(path, statements):
    """Runs statements on a new SQLite file, without the safety that a file made again at will does not need."""

    def write(temporary):
        connection = sqlite3.connect(str(temporary), isolation_level=None)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        for statement, parameters in statements:
            connection.execute(statement, parameters)
        connection.close()

    in_one_step(path, write)


def pick(values, expression):
    """SQL that gives one of ``values``; all are cut out of one string of equal cells."""
    width = max(len(value) for value in values)
    cells = "".join(value.ljust(width) for value in values)
    return f"rtrim(substr('{cells}', 1 + {width} * (({expression}) % {len(values)}), {width}))"


def make_sap(path, rows):
    """Ledger of company code 1000 with ``rows`` items, and a third as many of another company."""
    fill_database(
        path,
        [
            (
                ("CREATE TABLE line_items (id INTEGER PRIMARY KEY, bukrs TEXT, hkont TEXT, belnr TEXT, budat TEXT,"
                " bldat TEXT, kostl TEXT, dmbtr INTEGER, waers TEXT, sgtxt TEXT, usnam TEXT)"),
                (),
            ),
            (
                ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :all) "
                "INSERT INTO line_items SELECT i, CASE WHEN i > :rows THEN '2000' ELSE '1000' END,"
                " printf('%06d', 400000 + 100 * (i * 37 % 900)), printf('19%08d', i / 2),"
                " date('2025-01-01', printf('+%d days', i * 13 % 330)), date('2025-01-01', printf('+%d days', i * 13 % 330)),"
                " printf('CC%04d', 1000 + i * 7 % 40), (i * 7919 % 2500000) - 1250000, 'EUR',"
                f" {pick(('Rent', 'Travel', 'Licences', 'Consulting', 'Energy', 'Accrual'), 'i * 11')},"
                f" {pick(('FANALYST', 'BATCH', 'CONTROL'), 'i * 5')} FROM n"),
                {"rows": rows, "all": rows + rows // 3},
            ),
        ],
    )


def make_clinical(path, rows):
    """Patients with name, birth date and diagnosis; some rows have the faults that a cleaning removes."""
    fill_database(
        path,
        [
            (
                ("CREATE TABLE patients (patient_id INTEGER PRIMARY KEY, full_name TEXT, date_of_birth TEXT, sex TEXT,"
                " postcode TEXT, diagnosis TEXT, hba1c REAL, visit_date TEXT)"),
                (),
            ),
            (
                ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows) "
                "INSERT INTO patients SELECT i,"
                f" {pick(FIRST_NAMES, 'i * 7919')} || ' ' || {pick(LAST_NAMES, 'i * 104729')} || substr('  ', 1, i % 3),"
                " date(2430000.5 + i * 7919 % 22000), substr('FM', 1 + i * 31 % 2, 1), printf('%05d', i * 13 % 99999),"
                " 'E11.' || (i * 17 % 9), CASE i % 997 WHEN 0 THEN 900 ELSE 38 + (i * 37 % 600) / 10.0 END,"
                " CASE i % 1009 WHEN 0 THEN 'n/a' ELSE"
                " substr('202420252023', 1 + 4 * (i * 3 % 3), 4) || printf('-%02d-%02d', 1 + i * 7 % 12, 1 + i * 11 % 28) END"
                " FROM n"),
                {"rows": rows},
            ),
        ],
    )


def make_mails(folder):
    """Twelve mails of six vendors with ten invoices each."""
    folder.mkdir(parents=True, exist_ok=True)
    for mail in range(12):
        vendor = mail % len(ERP_VENDORS)
        name = ERP_VENDORS[vendor]
        rows = [["vendor", "invoice", "date", "amount", "currency", "iban", "bic"]]
        for line in range(10):
            number = 1000 + mail * 10 + line
            amount = f"{(number * 7919 % 900000) / 100:.2f}".replace(".", ",")
            # One invoice carries a mistyped IBAN, as it happens.
            iban = made_up_iban(vendor)[:-1] + "X" if number == 1077 else made_up_iban(vendor)
            rows.append([f"V{vendor + 1:04d}", f"INV-{number}", f"2025-11-{1 + number % 28:02d}", amount, "EUR", iban, "DEMODEFFXXX"])
        message = EmailMessage()
        message["From"] = f"{name} <billing@{name.split()[0].lower()}.example.com>"
        message["To"] = "invoices@example.com"
        message["Subject"] = f"Invoices {mail + 1}/2025"
        message["Date"] = f"Mon, {1 + mail:02d} Dec 2025 08:00:00 +0000"
        message.set_content("Please find our invoices attached. Note our bank details.\n")
        if mail % 2 == 0:
            attachment, subtype, ending = csv_bytes(rows), "csv", "csv"
        else:
            attachment, ending = workbook_bytes(rows), "xlsx"
            subtype = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        message.add_attachment(
            attachment, maintype="text" if ending == "csv" else "application", subtype=subtype, filename=f"invoices.{ending}"
        )
        in_one_step(folder / f"mail-{mail + 1:02d}.eml", lambda path, message=message: path.write_bytes(bytes(message)))


def csv_bytes(rows):
    return "".join(";".join(row) + "\r\n" for row in rows).encode()


def workbook_bytes(rows):
    import io

    from openpyxl import Workbook

    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def make_complaints(path, count):
    """Customer complaints, one a line."""
    topics = (
        "My parcel arrived broken and nobody answers the phone.",
        "I was charged twice, please refund to the account above.",
        "Delivery is three weeks late. I am very angry!",
        "The app logs me out after every payment.",
        "Wrong size again, and returning it costs more than the shirt.",
    )

    def write(temporary):
        with open(temporary, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["date", "name", "email", "iban", "order", "complaint"])
            for i in range(count):
                first, last = FIRST_NAMES[i * 7 % len(FIRST_NAMES)], LAST_NAMES[i * 5 % len(LAST_NAMES)]
                writer.writerow(
                    [
                        f"2025-11-{1 + i % 28:02d}",
                        f"{first} {last}",
                        f"{first}.{last}{i}@example.com".lower(),
                        made_up_iban(5000 + i),
                        f"O-{70000 + i * 17}",
                        topics[(i * i + i // 7) % len(topics)],
                    ]
                )

    in_one_step(path, write)


def make_bank(path, count):
    """A bank statement, and ``ledger.csv`` beside it; one payment in forty has no counterpart, one in fifty a wrong amount."""

    def write(temporary, ledger):
        with open(temporary, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(["booked", "reference", "amount"])
            for i in range(count):
                if ledger and i % 40 == 39:
                    continue
                amount = (i * 7919 % 900000) / 100 + (1 if ledger and i % 50 == 49 else 0)
                writer.writerow([f"2025-11-{1 + i % 28:02d}", f"PAY-{20000 + i * 3}", f"{amount:.2f}"])

    in_one_step(path.with_name("ledger.csv"), lambda temporary: write(temporary, True))
    in_one_step(path, lambda temporary: write(temporary, False))


def main():
    kind, path = sys.argv[1], Path(sys.argv[2])
    if kind == "mails":
        make_mails(path)
        return
    makers = {"sap": make_sap, "clinical": make_clinical, "complaints": make_complaints, "bank": make_bank}
    makers[kind](path, int(sys.argv[3]))


if __name__ == "__main__":
    main()
