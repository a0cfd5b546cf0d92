"""Why a file was not taken."""

from services.kernel.errors import Refusal


class FileRefused(Refusal):
    status = 422


class FileTooLarge(FileRefused):
    status = 413
    ru = "Файл больше {limit} МиБ"
    en = "The file is larger than {limit} MiB"


class UnpacksTooLarge(FileRefused):
    status = 413
    ru = "Файл распаковывается больше чем в {limit} МиБ"
    en = "The file unpacks to more than {limit} MiB"


class TooManyRows(FileRefused):
    ru = "В файле больше {limit} строк: разделите его на части"
    en = "The file has more than {limit} rows: split it"


class TooManyColumns(FileRefused):
    ru = "В строке {row} больше {limit} столбцов"
    en = "Row {row} has more than {limit} columns"


class TooManyCells(FileRefused):
    ru = "Таблица слишком велика: допустимо {limit} ячеек; удалите пустые строки и столбцы за её краем"
    en = "The table is too large: {limit} cells are allowed; remove the empty rows and columns beyond its edge"


class UnsupportedFile(FileRefused):
    ru = "Формат файла не подходит: нужен .xlsx, .ods, .csv или .vcf"
    en = "The file format is not supported: .xlsx, .ods, .csv or .vcf is needed"


class ProtectedFile(FileRefused):
    ru = "Файл защищён паролем или сохранён в старом формате: сохраните его как .xlsx без пароля"
    en = "The file is protected by a password or of the old format: save it as .xlsx without a password"


class BrokenFile(FileRefused):
    ru = "Файл повреждён и не читается"
    en = "The file is damaged and cannot be read"


class EmptyFile(FileRefused):
    ru = "В файле нет таблицы: нужна строка заголовков и хотя бы одна строка под ней"
    en = "There is no table in the file: a heading row and at least one row below it are needed"
