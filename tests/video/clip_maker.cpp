#include "clip_maker.hpp"

#include <cstdlib>
#include <stdexcept>

namespace editprep::testing {

void make_clip(const std::string& words, const std::filesystem::path& output) {
    const std::string command = "ffmpeg -nostdin -hide_banner -loglevel error -y " + words + " '" +
                                output.string() + "' </dev/null";
    if (std::system(command.c_str()) != 0) {
        throw std::runtime_error("ffmpeg failed: " + command);
    }
}

}  // namespace editprep::testing
