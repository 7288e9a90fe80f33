#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "editprep/transport/event_stream.hpp"

/// Any bytes give the same events whether they come at once or one by one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace editprep::transport;
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto events_in_pieces = [&](std::size_t length) {
        std::vector<std::string> events;
        EventStream stream(
            [&](const ServerEvent& event) { events.push_back(event.type + '\0' + event.data); });
        for (std::size_t begin = 0; begin < size; begin += length) {
            stream.feed(bytes.subspan(begin, std::min(length, size - begin)));
        }
        return events;
    };
    if (events_in_pieces(1) != events_in_pieces(size + 1)) {
        std::abort();
    }
    return 0;
}
