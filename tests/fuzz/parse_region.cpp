#include <cstddef>
#include <cstdint>
#include <string_view>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/region.hpp"

/// Any text is either refused with an Error or gives a region that can be placed (or is refused
/// there) and drawn without leaving the picture.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace editprep::imaging;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const Region region = parse_region(text);
        for (const Size picture : {Size{1, 1}, Size{37, 11}, Size{64, 64}}) {
            Mask mask(picture, 0);
            draw(place(region, picture), mask);
        }
    } catch (const Error&) {
        return 0;
    }
    return 0;
}
