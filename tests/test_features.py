import subprocess
import sys

from tests.features import PROJECT, report, rows


def test_every_row_of_the_document_is_read():
    assert len(rows()) == 192
    assert rows()["CL-05"] == "A tree of client groups"


def test_rows_without_a_test_are_named_as_holes():
    text = report({"CL-01": "One", "CL-02": "Two"}, {"CL-01": ["test_one"], "CL-02": []})
    assert "1 of 2 rows" in text
    assert text.endswith("Not shown: CL-02")


def test_an_unknown_row_stops_the_collection(tmp_path):
    wrong = tmp_path / "test_wrong.py"
    wrong.write_text("import pytest\n@pytest.mark.capability('XX-99')\ndef test_it(): pass\n")
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "tests.features", "-qq", str(wrong)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "XX-99" in done.stderr
