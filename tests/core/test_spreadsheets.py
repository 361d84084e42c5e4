"""Tables of a spreadsheet: read with a clear sentence for what is wrong, written so that no cell is a formula."""

import stat

import pytest

from toegang.core.spreadsheets import TableError, harmless, read_table, write_table

COLUMNS = ("naam", "bsn", "sinds", "plaats")
NO_NAMES = "op de eerste regel staan niet de namen van de kolommen, met een puntkomma ertussen"
EXPECTED = "Verwacht worden: naam, bsn, sinds, plaats."


def table(tmp_path, content):
    path = tmp_path / "lijst.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(tmp_path, content):
    with pytest.raises(TableError) as problem:
        read_table(table(tmp_path, content), COLUMNS)
    return str(problem.value)


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with a BOM"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_rows_come_by_column_in_any_order_and_with_their_line(tmp_path, mark, end):
    text = end.join([f"{mark}Bsn; naam;plaats;sinds", '1;"Jan; en', 'Piet";Ede;2020', ";;;", " ; Fatima ;Ede;", ""])
    rows = read_table(table(tmp_path, text), COLUMNS)
    assert [(row.line, row.count) for row in rows] == [(2, 4), (5, 4)]
    assert rows[0].cells == {"bsn": "1", "naam": f"Jan; en{end}Piet", "plaats": "Ede", "sinds": "2020"}
    assert rows[1].cells == {"bsn": "", "naam": "Fatima", "plaats": "Ede", "sinds": ""}


def test_a_row_tells_how_many_cells_it_has(tmp_path):
    short, long = read_table(table(tmp_path, "naam;bsn;sinds;plaats\na;b\na;b;c;d;e\n"), COLUMNS)
    assert (short.count, short.cells) == (2, {"naam": "a", "bsn": "b"})
    assert (long.count, long.cells) == (5, dict(zip(COLUMNS, "abcd", strict=True)))


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("naam;bsn;sinds;stad", "kolom ‘stad’ hoort hier niet, kolom ‘plaats’ ontbreekt"),
        ("naam;bsn;sinds", "kolom ‘plaats’ ontbreekt"),
        ("naam;bsn;sinds;plaats;naam", "kolom ‘naam’ staat er 2 keer"),
        ("naam;bsn;sinds;plaats;", "kolom 5 hoort hier niet"),
        ("naam;bsn;sinds;999990019", "kolom 4 hoort hier niet, kolom ‘plaats’ ontbreekt"),
        ("naam;bsn;sinds;\x1b[31mx", "kolom 4 hoort hier niet, kolom ‘plaats’ ontbreekt"),
        ("Fatima;999990019;2020;Ede", NO_NAMES),
        ("naam,bsn,sinds,plaats", NO_NAMES),
        ("", NO_NAMES),
    ],
)  # fmt: skip
def test_a_wrong_header_is_one_sentence_that_shows_no_row(tmp_path, header, problem):
    assert refusal(tmp_path, f"{header}\nFatima;999990019;2020;Ede\n") == f"lijst.csv: {problem}. {EXPECTED}"


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path):
    latin = "naam;bsn;sinds;plaats\nYıldız;1;2;3\n".encode("iso-8859-9")
    assert refusal(tmp_path, latin) == "lijst.csv is geen tekst in UTF-8. Sla het op als ‘CSV UTF-8’."
    quotes = 'naam;bsn;sinds;plaats\na;b;c;d\n"Fatima"x;b;c;d\n'
    assert refusal(tmp_path, quotes) == "lijst.csv: vanaf regel 3 kloppen de aanhalingstekens niet."
    for name, why in (("weg.csv", "staat niet in deze map"), (".", "kan niet gelezen worden")):
        with pytest.raises(TableError, match=why):
            read_table(tmp_path / name, COLUMNS)


@pytest.mark.parametrize("start", ["=1+1", "+31", "-1", "@SUM", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠1"])
def test_no_cell_is_a_formula(start):
    assert harmless(start) == f"'{start}"


def test_other_cells_stay_as_they_are():
    assert [harmless(text) for text in ("", "a=1", "12-3-2020", "'x")] == ["", "a=1", "12-3-2020", "'x"]


def test_a_table_is_new_and_only_for_its_owner(tmp_path):
    path = tmp_path / "lijst.csv"
    write_table(path, ("naam", "bsn"), [["=1+1", 2], ["a;b", "ë"]])
    assert path.read_bytes().decode("utf-8-sig") == 'naam;bsn\r\n\'=1+1;2\r\n"a;b";ë\r\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_table(path, ("naam",), [])
    assert "=1+1" in path.read_text()
