#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

/// The ways in which a command ends early.
namespace editprep::tools {

/// What was asked for cannot be done: one line on stderr, exit code 1.
class Failure : public std::runtime_error {
public:
    enum class Form {
        /// After `ERROR: `.
        error_line,
        /// As it is: texts that callers of the older commands look for.
        verbatim,
    };

    explicit Failure(const std::string& message, Form form = Form::error_line)
        : std::runtime_error(message), form_(form) {}

    [[nodiscard]] Form form() const noexcept { return form_; }

private:
    Form form_;
};

/// The command line is wrong: usage and reason on stderr, exit code 2.
class UsageError : public std::runtime_error {
public:
    explicit UsageError(const std::string& reason) : std::runtime_error(reason) {}
    /// @param text everything that is to be printed, reason included
    UsageError(const std::string& reason, std::string text)
        : std::runtime_error(reason), text_(std::move(text)) {}

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

/// Where to read on, and the reason on one line: the last two lines of every usage error.
[[nodiscard]] std::string usage_error_text(std::string_view command, std::string_view reason);

/// A usage error as a command spells it out, from its reason.
using SpellOut = std::function<UsageError(const std::string& reason)>;

/// All was said already, on stdout (an answer that is a refusal) or stderr; only the code is left.
struct ExitRequest {
    int code = 1;
};

/// Help or the version was asked for: `text` goes to stdout, exit code 0.
struct InfoRequest {
    std::string text;
};

}  // namespace editprep::tools
