#include <sqlite3.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "sqlite_module.hpp"

/// The only source that knows SQLite.
namespace editprep::transport {

struct SqliteConnection {
    struct Close {
        void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
    };
    std::unique_ptr<sqlite3, Close> database;
};

struct SqliteStatement {
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement;
    std::vector<SqliteValue> columns;
};

namespace {

thread_local std::array<char, 256> last_message{};

bool is_lack_of_room(int system_error) noexcept {
    return system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
}

/// https://www.sqlite.org/rescode.html
SqliteStatus status_of(int result, int system_error) noexcept {
    switch (result) {
        case SQLITE_IOERR_LOCK:
        case SQLITE_IOERR_RDLOCK:
        case SQLITE_IOERR_UNLOCK:
        case SQLITE_IOERR_CHECKRESERVEDLOCK:
            return SqliteStatus::no_locks;
        default:
            break;
    }
    switch (result & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return SqliteStatus::busy;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return SqliteStatus::damaged;
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
            return SqliteStatus::not_writable;
        case SQLITE_FULL:
            return SqliteStatus::full;
        case SQLITE_PROTOCOL:
            return SqliteStatus::no_locks;
        case SQLITE_IOERR:
            return is_lack_of_room(system_error) ? SqliteStatus::full : SqliteStatus::failed;
        default:
            return SqliteStatus::failed;
    }
}

/// The reason as SQLite words it, with the system's own where a file was involved. SQLite 3.40
/// keeps that one for statements but not for commits.
SqliteStatus fail(sqlite3* database, int result) noexcept {
    const int last_error = errno;
    const int kept_error = sqlite3_system_errno(database);
    const int system_error = kept_error != 0 ? kept_error : last_error;
    const int kind = result & 0xff;
    const bool on_file = kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN || kind == SQLITE_FULL;
    if (on_file && system_error != 0) {
        std::snprintf(last_message.data(), last_message.size(), "%s (%s)", sqlite3_errmsg(database),
                      std::strerror(system_error));
    } else {
        std::snprintf(last_message.data(), last_message.size(), "%s", sqlite3_errmsg(database));
    }
    return status_of(result, system_error);
}

SqliteStatus fail_for_memory() noexcept {
    std::snprintf(last_message.data(), last_message.size(), "out of memory");
    return SqliteStatus::failed;
}

SqliteStatus open(const char* path, int busy_milliseconds, SqliteConnection** connection) noexcept {
    std::unique_ptr<SqliteConnection> opened(new (std::nothrow) SqliteConnection);
    if (!opened) {
        return fail_for_memory();
    }
    sqlite3* database = nullptr;
    // Not SQLITE_OPEN_CREATE: it would use the process's umask.
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int result = sqlite3_open_v2(path, &database, flags, nullptr);
    opened->database.reset(database);
    if (database == nullptr) {
        return fail_for_memory();
    }
    if (result != SQLITE_OK) {
        return fail(database, result);
    }
    sqlite3_busy_timeout(database, busy_milliseconds);
    *connection = opened.release();
    return SqliteStatus::ok;
}

int bind(sqlite3_stmt* statement, int index, const SqliteValue& value) noexcept {
    switch (value.kind) {
        case SqliteKind::null:
            return sqlite3_bind_null(statement, index);
        case SqliteKind::integer:
            return sqlite3_bind_int64(statement, index, value.integer);
        case SqliteKind::text:
            break;
    }
    return sqlite3_bind_text64(statement, index, value.text, value.size, SQLITE_STATIC,
                               SQLITE_UTF8);
}

SqliteStatus start(SqliteConnection* connection, const char* sql, const SqliteValue* values,
                   std::size_t count, SqliteStatement** statement) noexcept {
    sqlite3* database = connection->database.get();
    sqlite3_stmt* compiled = nullptr;
    int result = sqlite3_prepare_v2(database, sql, -1, &compiled, nullptr);
    decltype(SqliteStatement::statement) owner(compiled);
    for (std::size_t i = 0; result == SQLITE_OK && i < count; ++i) {
        result = bind(compiled, static_cast<int>(i + 1), values[i]);
    }
    if (result != SQLITE_OK) {
        return fail(database, result);
    }
    *statement = new (std::nothrow) SqliteStatement{std::move(owner), {}};
    return *statement != nullptr ? SqliteStatus::ok : fail_for_memory();
}

SqliteValue column(sqlite3_stmt* statement, int index) noexcept {
    switch (sqlite3_column_type(statement, index)) {
        case SQLITE_NULL:
            return {SqliteKind::null, 0, nullptr, 0};
        case SQLITE_INTEGER:
            return {SqliteKind::integer, sqlite3_column_int64(statement, index), nullptr, 0};
        default:
            break;
    }
    const void* text = sqlite3_column_blob(statement, index);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, index));
    return {SqliteKind::text, 0, static_cast<const char*>(text), size};
}

SqliteStatus step(SqliteStatement* statement, const SqliteValue** columns,
                  std::size_t* count) noexcept {
    *columns = nullptr;
    *count = 0;
    sqlite3_stmt* compiled = statement->statement.get();
    errno = 0;
    const int result = sqlite3_step(compiled);
    if (result == SQLITE_DONE) {
        return SqliteStatus::ok;
    }
    if (result != SQLITE_ROW) {
        return fail(sqlite3_db_handle(compiled), result);
    }
    try {
        statement->columns.clear();
        for (int index = 0; index < sqlite3_column_count(compiled); ++index) {
            statement->columns.push_back(column(compiled, index));
        }
    } catch (const std::bad_alloc&) {
        return fail_for_memory();
    }
    *columns = statement->columns.data();
    *count = statement->columns.size();
    return SqliteStatus::ok;
}

void close_statement(SqliteStatement* statement) noexcept { delete statement; }

void close(SqliteConnection* connection) noexcept { delete connection; }

const char* message() noexcept { return last_message.data(); }

constexpr SqliteTable kTable{kSqliteVersion, open, start, step, close_statement, close, message};

}  // namespace
}  // namespace editprep::transport

extern "C" [[gnu::visibility("default")]] const editprep::transport::SqliteTable*
editprep_sqlite_table() noexcept {
    return &editprep::transport::kTable;
}
