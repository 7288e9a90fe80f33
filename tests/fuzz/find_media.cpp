#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "editprep/transport/error.hpp"
#include "editprep/transport/media_reference.hpp"

/// Any text gives references or none, both functions agree on the first, and a relative one leads
/// to its origin or is refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace editprep::transport;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto first = find_media(text);
    const std::vector<MediaReference> all = find_all_media(text);
    if (first.has_value() == all.empty()) {
        std::abort();
    }
    if (!first) {
        return 0;
    }
    if (first->kind != all.front().kind || first->value != all.front().value) {
        std::abort();
    }
    try {
        if (!resolve_reference("https://h/v1", first->value).starts_with("https://h/")) {
            std::abort();
        }
    } catch (const Error&) {
        return 0;
    }
    return 0;
}
