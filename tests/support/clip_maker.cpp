#include "clip_maker.hpp"

#include <cstdlib>
#include <stdexcept>

#include "process.hpp"

namespace editprep::testing {

void make_clip(const std::string& words, const std::filesystem::path& output) {
    // The AV1 encoder speaks past ffmpeg's own level.
    const std::string command = "SVT_LOG=1 ffmpeg -nostdin -hide_banner -loglevel error -y " +
                                words + " '" + output.string() + "' </dev/null";
    if (std::system(command.c_str()) != 0) {
        throw std::runtime_error("ffmpeg failed: " + command);
    }
}

std::string ffprobe_json(const std::filesystem::path& file) {
    const ProcessResult result =
        run_process("/usr/bin/env", {.arguments = {"ffprobe", "-v", "quiet", "-show_format",
                                                   "-show_streams", "-of", "json", file.string()}});
    if (result.exit_code != 0) {
        throw std::runtime_error("ffprobe failed: " + file.string());
    }
    return result.out;
}

}  // namespace editprep::testing
