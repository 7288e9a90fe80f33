#include "editprep/transport/event_stream.hpp"

#include <algorithm>
#include <utility>

#include "editprep/transport/error.hpp"

namespace editprep::transport {
namespace {

constexpr std::size_t kMaxEventBytes = 64 << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Where the first line ends; npos when it does not. Two searches for one character are many times
/// as fast as one search for two.
std::size_t end_of_line(std::string_view text) {
    const std::size_t line_feed = text.find('\n');
    return std::min(line_feed, text.substr(0, line_feed).find('\r'));
}

}  // namespace

EventStream::EventStream(std::function<void(const ServerEvent&)> on_event)
    : on_event_(std::move(on_event)) {}

void EventStream::feed(std::span<const std::byte> bytes) {
    std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    while (!rest.empty()) {
        // The second half of a line end that the pieces may have cut through.
        if (std::exchange(after_carriage_return_, false) && rest.front() == '\n') {
            rest.remove_prefix(1);
            continue;
        }
        const std::size_t end = end_of_line(rest);
        line_ += rest.substr(0, end);
        if (line_.size() + event_.data.size() > kMaxEventBytes) {
            throw Error(Errc::too_large, "an event of the stream is larger than 64 MiB",
                        "event stream");
        }
        if (end == std::string_view::npos) {
            return;
        }
        after_carriage_return_ = rest[end] == '\r';
        rest.remove_prefix(end + 1);
        take_line(line_);
        line_.clear();
    }
}

void EventStream::take_line(std::string_view line) {
    if (std::exchange(at_start_, false) && line.starts_with(kByteOrderMark)) {
        line.remove_prefix(kByteOrderMark.size());
    }
    if (line.empty()) {
        ServerEvent event = std::exchange(event_, {});
        if (event.data.empty()) {
            return;
        }
        event.data.pop_back();
        if (event.type.empty()) {
            event.type = "message";
        }
        on_event_(event);
        return;
    }
    const std::size_t colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
    if (value.starts_with(' ')) {
        value.remove_prefix(1);
    }
    if (field == "data") {
        event_.data.append(value).push_back('\n');
    } else if (field == "event") {
        event_.type = value;
    }
}

}  // namespace editprep::transport
