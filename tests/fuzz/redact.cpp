#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "editprep/transport/redaction.hpp"

/// What was redacted once does not change a second time, and holds no key.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace editprep::transport;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    constexpr std::string_view kKey = "canary-key";
    const std::string without_keys = redact_keys(text, kKey);
    if (without_keys.find(kKey) != std::string::npos) {
        std::abort();
    }
    if (shorten_payloads(text).size() > redact_payloads(text).size()) {
        std::abort();
    }
    return 0;
}
