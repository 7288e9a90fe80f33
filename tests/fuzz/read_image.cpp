#include <cstddef>
#include <cstdint>
#include <span>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/image_file.hpp"

/// Any bytes are either read as a picture or refused with an Error. The limits are small so that
/// the time goes into parsing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace editprep::imaging;
    const ReadOptions options{.limits = {.max_side = 256, .max_pixels = 16'384}};
    try {
        const auto loaded = read_image(std::as_bytes(std::span(data, size)), "fuzz input", options);
        if (loaded.image.size().area() > options.limits.max_pixels ||
            loaded.image.size() != loaded.info.size) {
            __builtin_trap();
        }
    } catch (const Error&) {
        return 0;
    }
    return 0;
}
