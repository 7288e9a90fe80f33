#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "editprep/transport/data_uri.hpp"
#include "editprep/transport/error.hpp"

/// Any text is either refused with an Error or gives content that survives being written as a data
/// URI and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace editprep::transport;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const DataUri uri = parse_data_uri(text);
        const std::string again = to_data_uri(uri.content, "application/octet-stream");
        if (parse_data_uri(again).content != uri.content) {
            std::abort();
        }
    } catch (const Error&) {
        return 0;
    }
    return 0;
}
