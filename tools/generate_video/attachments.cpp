#include <cmath>
#include <filesystem>
#include <system_error>

#include "editprep/transport/data_uri.hpp"
#include "tools/generate_video/video_call.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/number_text.hpp"
#include "tools/shared/words.hpp"

namespace editprep::tools::generate_video {
namespace {

/// Longer than any video, and exact in a double.
constexpr double kMostSeconds = 1e9;

[[noreturn]] void refuse(const std::string& message) {
    throw Failure(message, Failure::Form::verbatim);
}

}  // namespace

bool is_url(const std::string& text) {
    return text.starts_with("http://") || text.starts_with("https://") ||
           transport::is_data_uri(text);
}

void check_exists(const std::string& kind, const std::string& text) {
    std::error_code unknown;
    if (!is_url(text) && !std::filesystem::is_regular_file(text, unknown)) {
        refuse(kind + " not found: " + display_path(text));
    }
}

std::optional<std::int64_t> wanted_seconds(const Options& options) {
    if (options.seconds) {
        return *options.seconds;
    }
    std::string text = lower_case(trimmed(options.duration.value_or("")));
    if (text.empty()) {
        return std::nullopt;
    }
    if (text.ends_with('s')) {
        text.pop_back();
    }
    const auto number = parse_number(text);
    if (!number || *number > kMostSeconds) {
        refuse("invalid --duration value: " + *options.duration);
    }
    if (*number < 1) {
        refuse("duration/seconds must be positive");
    }
    return static_cast<std::int64_t>(std::trunc(*number));
}

}  // namespace editprep::tools::generate_video
