#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

/// Server-sent events (HTML Living Standard, section 9.2.6), fed piece by piece.
namespace editprep::transport {

struct ServerEvent {
    /// `message` where the stream names none.
    std::string type;
    /// The data lines, joined by line feeds.
    std::string data;
};

class EventStream {
public:
    explicit EventStream(std::function<void(const ServerEvent&)> on_event);

    /// Calls on_event for every event that these bytes complete. Throws too_large when one event
    /// passes 64 MiB (partial images travel in them).
    void feed(std::span<const std::byte> bytes);

private:
    void take_line(std::string_view line);

    std::function<void(const ServerEvent&)> on_event_;
    std::string line_;
    ServerEvent event_;
    bool after_carriage_return_ = false;
    bool at_start_ = true;
};

}  // namespace editprep::transport
