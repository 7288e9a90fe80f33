/// What no program can leave out of a job, each as a whole process. Linked statically, so that
/// starting it costs as little as it can.
///
///     command_floors jpeg FILE           decode in bands of 16 rows
///     command_floors png FILE            inflate in one piece, filters not undone
///     command_floors canvas FILE MARGIN  decode, filter by Paeth, deflate with level 1, in memory
///     command_floors ends FILE           read 64 KiB at each end
///     command_floors copy FILE           read, and write to standard output
///     command_floors send FILE PORT      read, and post as many bytes as its data URI has
///     command_floors serve               print a port and take what is posted there, until killed

#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "bare_codecs.hpp"
#include "canvas_floor.hpp"
#include "file_floors.hpp"
#include "loopback_floors.hpp"

namespace {

using namespace editprep::benchmarks;

/// False for words that say nothing.
bool run(const std::vector<std::string>& words) {
    const std::string job = words.empty() ? "" : words[0];
    if (job == "jpeg" && words.size() == 2) {
        decode_jpeg_bands(read_whole(words[1]), [](const std::uint8_t*, int) {});
    } else if (job == "png" && words.size() == 2) {
        static_cast<void>(inflate_png(read_whole(words[1])));
    } else if (job == "canvas" && words.size() == 3) {
        std::printf("%zu\n", compress_canvas(read_whole(words[1]), std::stoul(words[2])));
    } else if (job == "ends" && words.size() == 2) {
        read_head_and_tail(words[1]);
    } else if (job == "copy" && words.size() == 2) {
        copy_to_standard_output(words[1]);
    } else if (job == "send" && words.size() == 3) {
        send_file(words[1], static_cast<std::uint16_t>(std::stoul(words[2])));
    } else if (job == "serve" && words.size() == 1) {
        serve_uploads();
    } else {
        return false;
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (run({argv + 1, argv + argc})) {
            return 0;
        }
        std::fputs("command_floors: the words that it takes stand in its source\n", stderr);
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "command_floors: %s\n", error.what());
        return 1;
    }
}
