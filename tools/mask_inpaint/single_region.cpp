#include "tools/mask_inpaint/single_region.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "tools/shared/failure.hpp"

namespace editprep::tools::mask_inpaint {
namespace {

using imaging::Region;
using imaging::RegionForm;
using imaging::RegionShape;
/// Wide enough for the difference of two options.
using Numbers = std::array<std::int64_t, 4>;

Region make_region(const char* kind, RegionShape shape, RegionForm form, const Numbers& numbers) {
    Region region;
    region.shape = shape;
    region.form = form;
    region.label = std::string(kind) + ":[";
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        region.numbers[i] = static_cast<double>(numbers[i]);
        region.label += (i == 0 ? "" : ", ") + std::to_string(numbers[i]);
    }
    region.label += ']';
    return region;
}

std::string missing_options(const SingleRegion& given) {
    const bool corners = !given.width && !given.height && (given.x2 || given.y2);
    const std::pair<const char*, bool> needed[] = {
        {"--x", given.x.has_value()},
        {"--y", given.y.has_value()},
        {corners ? "--x2" : "--width", (corners ? given.x2 : given.width).has_value()},
        {corners ? "--y2" : "--height", (corners ? given.y2 : given.height).has_value()},
    };
    std::string names;
    for (const auto& [name, present] : needed) {
        if (!present) {
            names += (names.empty() ? "" : ", ") + std::string(name);
        }
    }
    return names;
}

}  // namespace

void SingleRegion::add_to(CommandLine& line) {
    line.integer("--x", x, {.help = "Left edge of one region", .placeholder = "PX"});
    line.integer("--y", y, {.help = "Its top edge", .placeholder = "PX"});
    line.integer("--width", width, {.help = "Its width", .placeholder = "PX"});
    line.integer("--height", height, {.help = "Its height", .placeholder = "PX"});
    line.integer("--x2", x2, {.help = "Its right edge, in place of a width", .placeholder = "PX"});
    line.integer("--y2", y2, {.help = "Its bottom edge", .placeholder = "PX"});
    line.flag("--ellipse", ellipse, {.help = "That region is an ellipse"});
}

std::optional<Region> SingleRegion::region() const {
    const RegionShape shape = ellipse ? RegionShape::ellipse : RegionShape::rectangle;
    if (x && y && width && height) {
        return make_region(ellipse ? "ellipse" : "rect", shape, RegionForm::origin_and_size,
                           {*x, *y, *width, *height});
    }
    if (x && y && x2 && y2) {
        if (ellipse) {
            return make_region("ellipse", shape, RegionForm::origin_and_size,
                               {*x, *y, std::int64_t{*x2} - *x, std::int64_t{*y2} - *y});
        }
        return make_region("box", shape, RegionForm::corners, {*x, *y, *x2, *y2});
    }
    if (x || y || width || height || x2 || y2) {
        throw Failure("incomplete single region: missing " + missing_options(*this));
    }
    return std::nullopt;
}

}  // namespace editprep::tools::mask_inpaint
