#include "tools/generate_batch_media/failure_reason.hpp"

#include <sstream>
#include <string_view>

#include "tools/shared/run_tool.hpp"
#include "tools/shared/words.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

/// Answers of providers may be long, and stand in the summary.
constexpr std::size_t kMostShown = 300;

bool is_remark(std::string_view line) {
    return line.starts_with("WARN: ") || line.starts_with("NOTE: ") || line.starts_with("INFO: ");
}

/// Whoever shows a reason says in his own way that it is an error.
std::string without_prefix(const std::string& line) {
    constexpr std::string_view kPrefix = "ERROR: ";
    return line.starts_with(kPrefix) ? line.substr(kPrefix.size()) : line;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// Status and body of a refusal stand on stdout, before the advice.
std::string answer_in(const std::string& out) {
    std::istringstream lines(out);
    std::string answer;
    for (std::string line; std::getline(lines, line) && !line.starts_with("HINT: ");) {
        answer += (answer.empty() ? "" : "; ") + line;
    }
    return answer;
}

/// At the end of a character.
std::string shortened(std::string text) {
    if (text.size() <= kMostShown) {
        return text;
    }
    std::size_t end = kMostShown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
        --end;
    }
    return text.substr(0, end) + " ...";
}

}  // namespace

std::string reason_in(const std::string& text, int exit_code) {
    std::istringstream lines(text);
    std::string reason;
    for (std::string line; std::getline(lines, line);) {
        // Before the reason of a usage error stands the usage.
        if (exit_code == kWrongUsage) {
            reason = line;
        } else if (!is_remark(line)) {
            reason += (reason.empty() ? "" : "\n") + without_prefix(line);
        }
    }
    return trimmed(reason.empty() ? without_prefix(text) : reason);
}

std::string failure_reason(const ItemResult& result) {
    const std::string err = result.err.value_or("");
    std::string reason = first_line(reason_in(err, result.exit_code));
    const std::string answer = answer_in(result.out.value_or(""));
    if ((reason.empty() || is_remark(reason)) && !answer.empty()) {
        reason = answer;
    }
    return reason.empty() ? "exit code " + std::to_string(result.exit_code) : shortened(reason);
}

}  // namespace editprep::tools::generate_batch_media
