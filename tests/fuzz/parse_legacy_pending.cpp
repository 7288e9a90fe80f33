#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "editprep/transport/error.hpp"
#include "legacy_pending.hpp"

/// Any file is either refused with an Error or gives jobs that have a request id and are shown as
/// they were taken over.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace editprep::transport;
    const std::string_view content(reinterpret_cast<const char*>(data), size);
    try {
        for (const Job& job : parse_legacy_pending(content, "fal-pending.json").jobs) {
            if (job.request_id.empty() || pending_entry(job) != job.taken_over_json) {
                std::abort();
            }
        }
    } catch (const Error&) {
        return 0;
    }
    return 0;
}
