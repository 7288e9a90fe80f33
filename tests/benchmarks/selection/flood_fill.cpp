#include <stdexcept>
#include <string>
#include <system_error>

#include "baselines.hpp"
#include "editprep/imaging/image_file.hpp"
#include "process.hpp"
#include "temp_folder.hpp"

namespace editprep::benchmarks {
namespace {

testing::ProcessResult run_convert(std::vector<std::string> arguments) {
    testing::ProcessOptions options;
    options.arguments = {"convert"};
    options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
    options.environment = {{"MAGICK_THREAD_LIMIT", "1"}};
    return testing::run_process("/usr/bin/env", options);
}

std::string corner_colour(const imaging::Image& image) {
    const std::uint8_t* pixel = image.row(0);
    return "rgb(" + std::to_string(pixel[0]) + "," + std::to_string(pixel[1]) + "," +
           std::to_string(pixel[2]) + ")";
}

}  // namespace

bool has_flood_fill() {
    try {
        return run_convert({"-version"}).exit_code == 0;
    } catch (const std::system_error&) {
        return false;
    }
}

imaging::Mask select_by_flood_fill(const imaging::Image& image) {
    const testing::TempFolder folder;
    const imaging::Image rgb = imaging::to_rgb(image);
    imaging::WriteOptions fast;
    fast.png_effort = imaging::PngEffort::fast;
    imaging::write_image(folder / "in.png", rgb, imaging::Overwrite::always, fast);
    const testing::ProcessResult run = run_convert({(folder / "in.png").string(),
                                                    "-bordercolor",
                                                    corner_colour(rgb),
                                                    "-border",
                                                    "1",
                                                    "-alpha",
                                                    "set",
                                                    "-fuzz",
                                                    "20%",
                                                    "-fill",
                                                    "none",
                                                    "-draw",
                                                    "matte 0,0 floodfill",
                                                    "-shave",
                                                    "1x1",
                                                    "-alpha",
                                                    "extract",
                                                    "-depth",
                                                    "8",
                                                    "PNG24:" + (folder / "out.png").string()});
    if (run.exit_code != 0) {
        throw std::runtime_error("convert: " + run.err);
    }
    const imaging::Image filled = imaging::to_rgb(imaging::read_image(folder / "out.png").image);
    imaging::Mask mask(filled.size());
    for (std::size_t i = 0; i < mask.bytes().size(); ++i) {
        mask.bytes()[i] = filled.bytes()[3 * i];
    }
    return mask;
}

}  // namespace editprep::benchmarks
