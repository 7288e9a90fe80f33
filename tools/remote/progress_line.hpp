#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "editprep/transport/http.hpp"
#include "tools/shared/context.hpp"

namespace editprep::tools {

/// One line on a terminal that is written over and over: queue position, elapsed time, bytes.
/// Silent where stderr is no terminal, where others write there too, or when told to be quiet.
class ProgressLine {
public:
    ProgressLine(const Context& context, bool quiet);
    /// Clears the line.
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    /// At most ten times a second.
    void show(const std::string& what);
    void clear();

    /// For HttpRequest::progress: `<what> 12.3 of 45.6 MB`.
    [[nodiscard]] std::function<void(const transport::Progress&)> bytes(const std::string& what);

private:
    const Context& context_;
    bool enabled_ = false;
    std::size_t width_ = 0;
    std::chrono::steady_clock::time_point last_shown_{};
};

/// Minutes and seconds: `12:05`.
[[nodiscard]] std::string elapsed_text(std::chrono::steady_clock::duration elapsed);

}  // namespace editprep::tools
