#include "job_database.hpp"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "editprep/transport/error.hpp"
#include "module_loader.hpp"

namespace editprep::transport {
namespace {

namespace fs = std::filesystem;

/// "EDPJ": tells our database from another program's (PRAGMA application_id).
constexpr std::int64_t kApplicationId = 0x4544504A;
/// Grows with every change of the tables; a larger one was made by a newer version.
constexpr std::int64_t kSchemaVersion = 2;

/// A write takes a few milliseconds, so dozens of processes get their turn within seconds.
constexpr int kBusyMilliseconds = 60'000;

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;

constexpr std::array kSchema{
    "CREATE TABLE jobs ("
    "id INTEGER PRIMARY KEY AUTOINCREMENT, "
    "provider TEXT NOT NULL, "
    "model TEXT NOT NULL, "
    "request_id TEXT NOT NULL DEFAULT '', "
    "state TEXT NOT NULL, "
    "status TEXT NOT NULL DEFAULT '', "
    "status_url TEXT NOT NULL DEFAULT '', "
    "response_url TEXT NOT NULL DEFAULT '', "
    "cancel_url TEXT NOT NULL DEFAULT '', "
    "queue_position INTEGER, "
    "error TEXT, "
    "submitted_at TEXT NOT NULL, "
    "updated_at TEXT NOT NULL, "
    "saved_to TEXT NOT NULL DEFAULT '', "
    "forgotten INTEGER NOT NULL DEFAULT 0, "
    "owner_pid INTEGER NOT NULL DEFAULT 0, "
    "owner_started INTEGER NOT NULL DEFAULT 0, "
    "owner_boot TEXT NOT NULL DEFAULT '', "
    "idempotency_key TEXT NOT NULL DEFAULT '', "
    "input_digest TEXT NOT NULL DEFAULT '', "
    "sent_key TEXT NOT NULL DEFAULT '', "
    // What may be long comes last, so that the rest is read without it.
    "input_json TEXT NOT NULL, "
    "taken_over_json TEXT NOT NULL DEFAULT '', "
    "result_json TEXT)",
    "CREATE INDEX jobs_by_request ON jobs (request_id)",
    "CREATE INDEX jobs_by_key ON jobs (idempotency_key)",
    "CREATE TABLE taken_over (path TEXT PRIMARY KEY, taken_at TEXT NOT NULL, jobs INTEGER NOT "
    "NULL)",
};

/// From version 1 to 2. A process of the older version that has the file open goes on writing to
/// it: what it does not know of has defaults.
constexpr std::array kUpgrade{
    "ALTER TABLE jobs ADD COLUMN idempotency_key TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE jobs ADD COLUMN input_digest TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE jobs ADD COLUMN sent_key TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX jobs_by_key ON jobs (idempotency_key)",
};

const SqliteTable* load_table() {
    const auto function =
        reinterpret_cast<SqliteTableFunction>(module_symbol(kSqliteModule, kSqliteSymbol));
    const SqliteTable* table = function();
    if (table->version != kSqliteVersion) {
        throw Error(Errc::module_unavailable,
                    "the module editprep_sqlite is of another version than this program",
                    kSqliteModule, "install both from the same package");
    }
    return table;
}

SqliteValue parameter(const SqlValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        return {SqliteKind::integer, *number, nullptr, 0};
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
        return {SqliteKind::text, 0, text->data(), text->size()};
    }
    return {SqliteKind::null, 0, nullptr, 0};
}

SqlValue value_of(const SqliteValue& column) {
    switch (column.kind) {
        case SqliteKind::integer:
            return column.integer;
        case SqliteKind::text:
            return std::string(column.text, column.size);
        case SqliteKind::null:
            break;
    }
    return {};
}

std::string advice(SqliteStatus status, const std::string& path) {
    const std::string folder = fs::path(path).parent_path().string();
    switch (status) {
        case SqliteStatus::busy:
            return "another process holds it; end that one, or try again";
        case SqliteStatus::damaged:
            return "move it aside to start a new one; it is not touched";
        case SqliteStatus::not_writable:
            return "make it and its folder " + folder +
                   " writable, or choose another folder with "
                   "EDITPREP_STATE_DIR";
        case SqliteStatus::full:
            return "make room on the disk of " + folder;
        case SqliteStatus::no_locks:
            return "choose a folder on a local disk with EDITPREP_STATE_DIR";
        case SqliteStatus::ok:
        case SqliteStatus::failed:
            break;
    }
    return "look at " + folder + ", or choose another folder with EDITPREP_STATE_DIR";
}

std::error_code last_system_error() { return {errno, std::generic_category()}; }

/// Every missing folder on the way, open to nobody else whatever the umask.
std::error_code create_folders(const fs::path& folder) {
    std::error_code unknown;
    if (folder.empty() || fs::is_directory(folder, unknown)) {
        return {};
    }
    if (const std::error_code failure = create_folders(folder.parent_path())) {
        return failure;
    }
    if (::mkdir(folder.c_str(), kFolderMode) != 0) {
        const std::error_code failure = last_system_error();
        if (failure != std::errc::file_exists) {
            return failure;
        }
        // Another process may have been faster.
        return fs::is_directory(folder, unknown) ? std::error_code()
                                                 : make_error_code(std::errc::not_a_directory);
    }
    return ::chmod(folder.c_str(), kFolderMode) == 0 ? std::error_code() : last_system_error();
}

/// The file, empty, where there is none. It is never opened here: closing a descriptor would drop
/// the locks that another connection of this process has on the file (fcntl(2)).
std::error_code create_file(const std::string& path) {
    if (::mknod(path.c_str(), S_IFREG | kFileMode, 0) != 0) {
        return errno == EEXIST ? std::error_code() : last_system_error();
    }
    return ::chmod(path.c_str(), kFileMode) == 0 ? std::error_code() : last_system_error();
}

/// SQLite gives its journal the mode of the database.
void keep_private(const std::string& path) {
    for (const std::string& file : {path, path + "-journal"}) {
        struct stat facts {};
        if (::stat(file.c_str(), &facts) == 0 && (facts.st_mode & 0077) != 0) {
            // Where it belongs to somebody else, its mode is theirs to choose.
            static_cast<void>(::chmod(file.c_str(), facts.st_mode & kFileMode));
        }
    }
}

}  // namespace

std::int64_t integer_in(const SqlValue& value) { return optional_integer_in(value).value_or(0); }

std::string text_in(const SqlValue& value) { return optional_text_in(value).value_or(""); }

std::optional<std::int64_t> optional_integer_in(const SqlValue& value) {
    const auto* number = std::get_if<std::int64_t>(&value);
    return number != nullptr ? std::optional(*number) : std::nullopt;
}

std::optional<std::string> optional_text_in(const SqlValue& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr ? std::optional(*text) : std::nullopt;
}

JobDatabase::JobDatabase(std::string path) : path_(std::move(path)), sqlite_(load_table()) {
    connect();
    try {
        prepare();
    } catch (...) {
        sqlite_->close(connection_);
        throw;
    }
}

JobDatabase::~JobDatabase() { sqlite_->close(connection_); }

void JobDatabase::connect() {
    std::error_code failure = create_folders(fs::path(path_).parent_path());
    if (!failure) {
        failure = create_file(path_);
    }
    if (failure) {
        throw_failure(failure.message(), advice(SqliteStatus::not_writable, path_));
    }
    check(sqlite_->open(path_.c_str(), kBusyMilliseconds, &connection_));
}

/// Looks before it writes: what is not ours stays as it is.
void JobDatabase::prepare() {
    run("PRAGMA temp_store = MEMORY");
    run("PRAGMA cell_size_check = ON");
    const bool is_new = is_empty();
    if (!is_new) {
        check_that_it_is_whole();
        check_that_it_is_ours();
    }
    // A rollback journal instead of a write-ahead log: it needs no memory shared by all processes,
    // which network homes do not offer. FULL flushes before a commit returns; with TRUNCATE that
    // holds for the end of the journal too, whereas a power cut could undo the deletion of a
    // journal, and the commit with it.
    run("PRAGMA journal_mode = TRUNCATE");
    run("PRAGMA synchronous = FULL");
    if (is_new) {
        create_tables();
        check_that_it_is_ours();
    } else {
        upgrade();
    }
    keep_private(path_);
}

bool JobDatabase::is_empty() {
    // The tables first: that reads, and checks, more than the header.
    return number("SELECT count(*) FROM sqlite_schema") == 0 &&
           number("PRAGMA application_id") == 0 && number("PRAGMA user_version") == 0;
}

void JobDatabase::create_tables() {
    JobTransaction transaction(*this);
    // Another process may have been faster.
    if (is_empty()) {
        for (const char* statement : kSchema) {
            run(statement);
        }
        run(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
        run(("PRAGMA user_version = " + std::to_string(kSchemaVersion)).c_str());
    }
    transaction.commit();
}

void JobDatabase::upgrade() {
    if (number("PRAGMA user_version") == kSchemaVersion) {
        return;
    }
    JobTransaction transaction(*this);
    // Another process may have been faster.
    if (number("PRAGMA user_version") < kSchemaVersion) {
        for (const char* statement : kUpgrade) {
            run(statement);
        }
        run(("PRAGMA user_version = " + std::to_string(kSchemaVersion)).c_str());
    }
    transaction.commit();
}

void JobDatabase::check_that_it_is_whole() {
    // SQLite does not miss a part of the last page. The file only grows, so it may have grown since
    // its pages were counted.
    const std::int64_t size = number("PRAGMA page_count") * number("PRAGMA page_size");
    struct stat facts {};
    if (::stat(path_.c_str(), &facts) == 0 && facts.st_size < size) {
        throw_failure("its end is missing", advice(SqliteStatus::damaged, path_));
    }
}

void JobDatabase::check_that_it_is_ours() {
    if (number("PRAGMA application_id") != kApplicationId) {
        throw_failure("it is the database of another program",
                      "choose another folder with EDITPREP_STATE_DIR, or move the file aside");
    }
    const std::int64_t version = number("PRAGMA user_version");
    if (version > kSchemaVersion) {
        throw_failure("a newer version of editprep made it (schema " + std::to_string(version) +
                          ", this version knows " + std::to_string(kSchemaVersion) + ")",
                      "update editprep, or choose another folder with EDITPREP_STATE_DIR");
    }
}

std::int64_t JobDatabase::number(const char* sql) {
    const std::vector<SqlRow> rows = run(sql);
    return rows.empty() || rows.front().empty() ? 0 : integer_in(rows.front().front());
}

std::vector<SqlRow> JobDatabase::run(const char* sql, std::initializer_list<SqlValue> values) {
    std::vector<SqliteValue> parameters;
    for (const SqlValue& value : values) {
        parameters.push_back(parameter(value));
    }
    SqliteStatement* started = nullptr;
    check(sqlite_->start(connection_, sql, parameters.data(), parameters.size(), &started));
    const std::unique_ptr<SqliteStatement, decltype(sqlite_->close_statement)> statement(
        started, sqlite_->close_statement);
    std::vector<SqlRow> rows;
    for (;;) {
        const SqliteValue* columns = nullptr;
        std::size_t count = 0;
        check(sqlite_->step(started, &columns, &count));
        if (columns == nullptr) {
            return rows;
        }
        SqlRow& row = rows.emplace_back();
        for (std::size_t i = 0; i < count; ++i) {
            row.push_back(value_of(columns[i]));
        }
    }
}

void JobDatabase::check(SqliteStatus status) const {
    if (status != SqliteStatus::ok) {
        throw_failure(sqlite_->message(), advice(status, path_));
    }
}

void JobDatabase::throw_failure(const std::string& reason, const std::string& next_step) const {
    throw Error(Errc::store_failed, "the job store " + path_ + " cannot be used: " + reason, path_,
                next_step);
}

JobTransaction::JobTransaction(JobDatabase& database) : database_(database) {
    database_.run("BEGIN IMMEDIATE");
}

JobTransaction::~JobTransaction() {
    if (open_) {
        try {
            database_.run("ROLLBACK");
        } catch (const Error&) {
            // SQLite has ended the transaction itself, or undoes it when the connection is closed.
            return;
        }
    }
}

void JobTransaction::commit() {
    database_.run("COMMIT");
    open_ = false;
}

}  // namespace editprep::transport
