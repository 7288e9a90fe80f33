#pragma once

#include <string>
#include <string_view>

#include "tools/shared/context.hpp"

/// The lines on stderr.
namespace editprep::tools {

/// The text with control characters written as \n, \t, \x1b, ...: a file's name must not be able to
/// break a message into two or to drive a terminal.
[[nodiscard]] std::string one_line(std::string_view text);

/// What a command tells beside its result.
class Story {
public:
    Story(Sink sink, bool quiet) : sink_(std::move(sink)), quiet_(quiet) {}

    /// Something worth knowing.
    void note(std::string_view text) const { tell("NOTE: ", text); }
    /// Something that may not be what was meant.
    void warn(std::string_view text) const { tell("WARN: ", text); }

private:
    void tell(std::string_view kind, std::string_view text) const;

    Sink sink_;
    bool quiet_;
};

}  // namespace editprep::tools
