#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sqlite_module.hpp"

namespace editprep::transport {

/// NULL, a whole number, or text.
using SqlValue = std::variant<std::monostate, std::int64_t, std::string>;
using SqlRow = std::vector<SqlValue>;

[[nodiscard]] std::int64_t integer_in(const SqlValue& value);
[[nodiscard]] std::string text_in(const SqlValue& value);
[[nodiscard]] std::optional<std::int64_t> optional_integer_in(const SqlValue& value);
[[nodiscard]] std::optional<std::string> optional_text_in(const SqlValue& value);

/// The file of the job store: made, checked and spoken to in SQL, with failures as store_failed.
class JobDatabase {
public:
    /// @param path absolute
    explicit JobDatabase(std::string path);
    ~JobDatabase();
    JobDatabase(const JobDatabase&) = delete;
    JobDatabase& operator=(const JobDatabase&) = delete;

    /// One statement; all of its rows.
    std::vector<SqlRow> run(const char* sql, std::initializer_list<SqlValue> values = {});

    [[noreturn]] void throw_failure(const std::string& reason, const std::string& next_step) const;

private:
    void connect();
    void prepare();
    [[nodiscard]] bool is_empty();
    void create_tables();
    void upgrade();
    void check_that_it_is_whole();
    void check_that_it_is_ours();
    [[nodiscard]] std::int64_t number(const char* sql);
    /// Throws unless all is well.
    void check(SqliteStatus status) const;

    std::string path_;
    const SqliteTable* sqlite_ = nullptr;
    SqliteConnection* connection_ = nullptr;
};

/// Writers take their turn from the first statement on: nothing read in a transaction can have
/// changed when it is written. Undone unless it is committed.
class JobTransaction {
public:
    explicit JobTransaction(JobDatabase& database);
    ~JobTransaction();
    JobTransaction(const JobTransaction&) = delete;
    JobTransaction& operator=(const JobTransaction&) = delete;

    /// On disk when this returns.
    void commit();

private:
    JobDatabase& database_;
    bool open_ = true;
};

}  // namespace editprep::transport
