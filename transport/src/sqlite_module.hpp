#pragma once

#include <cstddef>
#include <cstdint>

/// The contract between the library and its module editprep_sqlite, which alone knows SQLite. Plain
/// C types and a table of functions: an exception must not cross a dlopen, and neither must a type
/// whose layout two compilers could see differently.
namespace editprep::transport {

inline constexpr const char* kSqliteModule = "editprep_sqlite";
inline constexpr const char* kSqliteSymbol = "editprep_sqlite_table";
/// Grows with every change of what follows; library and module must agree.
inline constexpr int kSqliteVersion = 1;

enum class SqliteStatus : int {
    ok,
    /// Another process kept the file locked for the whole of the waiting time.
    busy,
    /// The file is no database, or a broken one.
    damaged,
    /// The file, or the folder that its journal lies in, cannot be written or opened.
    not_writable,
    /// No room on the disk, or the largest file size is reached.
    full,
    /// The file system does not know locks.
    no_locks,
    failed,
};

enum class SqliteKind : int { null, integer, text };

struct SqliteValue {
    SqliteKind kind;
    std::int64_t integer;
    /// Any bytes, not ended by a zero. As a parameter it must live until the statement is closed,
    /// as a result until the next step.
    const char* text;
    std::size_t size;
};

struct SqliteConnection;
struct SqliteStatement;

struct SqliteTable {
    int version;
    /// Opens a file that exists. On success `connection` must be closed.
    SqliteStatus (*open)(const char* path, int busy_milliseconds,
                         SqliteConnection** connection) noexcept;
    /// One statement with its parameters. On success `statement` must be closed, before its
    /// connection.
    SqliteStatus (*start)(SqliteConnection* connection, const char* sql, const SqliteValue* values,
                          std::size_t count, SqliteStatement** statement) noexcept;
    /// The next row's columns, or null and 0 when there is none left.
    SqliteStatus (*step)(SqliteStatement* statement, const SqliteValue** columns,
                         std::size_t* count) noexcept;
    void (*close_statement)(SqliteStatement* statement) noexcept;
    void (*close)(SqliteConnection* connection) noexcept;
    /// What was wrong when the calling thread last got another status than ok. Never null.
    const char* (*message)() noexcept;
};

using SqliteTableFunction = const SqliteTable* (*)() noexcept;

}  // namespace editprep::transport
