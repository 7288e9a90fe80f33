#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace editprep::tools {

/// Takes text that is to be printed; the end of a line is part of the text.
using Sink = std::function<void(std::string_view)>;

/// Looks up an environment variable. One that is set but empty counts as unset.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// What a command meets of the world beside the file system: tests pass fakes.
struct Context {
    Environment environment;
    /// The result, and nothing else. Throws Failure when it cannot be written.
    Sink out;
    /// The story.
    Sink err;
    /// No other command runs this one: progress may be drawn on a terminal, output is kept whole.
    bool interactive = true;
};

}  // namespace editprep::tools
