#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <vector>

/// Stands in for libFuzzer's main: feeds each file, and each file of each folder, to the entry
/// point.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

void replay(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::vector<char> content{std::istreambuf_iterator<char>(in), {}};
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
}

}  // namespace

int main(int argc, char** argv) {
    int count = 0;
    for (const char* argument : std::span(argv, static_cast<std::size_t>(argc)).subspan(1)) {
        std::vector<fs::path> files;
        if (fs::is_directory(argument)) {
            files.assign(fs::directory_iterator(argument), {});
        } else {
            files.emplace_back(argument);
        }
        for (const fs::path& file : files) {
            // Named before it runs: after a crash the last line tells which one it was.
            std::printf("%s\n", file.c_str());
            std::fflush(stdout);
            replay(file);
            ++count;
        }
    }
    std::printf("%d inputs\n", count);
    return count > 0 ? 0 : 1;
}
