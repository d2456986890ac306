"""SQL of the tests' own, by DuckDB's C library: computed beside the program, not by it."""
import ctypes
import ctypes.util
import os
import pathlib
import sys

OWN = pathlib.Path(os.environ.get("MADANG_SOURCE", ".")) / ".deps/duckdb/lib/libduckdb.so"


class Result(ctypes.Structure):
    _fields_ = [("words", ctypes.c_uint64 * 8)]


class Duck:
    def __init__(self):
        self.lib = ctypes.CDLL(str(OWN) if OWN.exists() else ctypes.util.find_library("duckdb"))
        self.lib.duckdb_value_double.restype = ctypes.c_double
        self.lib.duckdb_value_double.argtypes = [ctypes.POINTER(Result), ctypes.c_uint64,
                                                 ctypes.c_uint64]
        self.lib.duckdb_result_error.restype = ctypes.c_char_p
        self.lib.duckdb_column_count.restype = ctypes.c_uint64
        database, self.con = ctypes.c_void_p(), ctypes.c_void_p()
        if self.lib.duckdb_open(None, ctypes.byref(database)) or \
                self.lib.duckdb_connect(database, ctypes.byref(self.con)):
            sys.exit("DuckDB does not open")

    def row(self, sql):
        """The first row of a query, as floats."""
        result = Result()
        if self.lib.duckdb_query(self.con, sql.encode(), ctypes.byref(result)):
            sys.exit(f"{sql}\n{self.lib.duckdb_result_error(ctypes.byref(result)).decode()}")
        n = self.lib.duckdb_column_count(ctypes.byref(result))
        return [self.lib.duckdb_value_double(ctypes.byref(result), i, 0) for i in range(n)]
