#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "editprep/transport/error.hpp"
#include "editprep/transport/url.hpp"

/// Any text is either refused with an Error or gives a URL whose text means the same URL again, as
/// itself and as a redirect's reference.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace editprep::transport;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const Url url = resolve_url(parse_url("https://example.com/a/b?c"), text);
        if (parse_url(url.text()).text() != url.text() ||
            resolve_url(url, url.text()).text() != url.text() ||
            url.text().find_first_of("\r\n\t \\") != std::string::npos) {
            std::abort();
        }
    } catch (const Error& error) {
        if (error.errc() != Errc::invalid_url) {
            std::abort();
        }
    }
    return 0;
}
