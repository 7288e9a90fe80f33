/// Looking at a clip, against the bare avformat_open_input and against reading its head and tail:
/// MP4 and QuickTime by their boxes alone, the others through FFmpeg.

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "clip_maker.hpp"
#include "editprep/video/preflight.hpp"
#include "editprep/video/probe.hpp"
#include "ratio_reporter.hpp"
#include "temp_folder.hpp"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/log.h>
}

namespace editprep::benchmarks {
namespace {

using benchmark::State;

enum class StreamInfo { left_out, found };

void open_with_avformat(const std::string& path, StreamInfo info) {
    AVFormatContext* format = nullptr;
    if (avformat_open_input(&format, path.c_str(), nullptr, nullptr) < 0) {
        return;
    }
    if (info == StreamInfo::found) {
        avformat_find_stream_info(format, nullptr);
    }
    benchmark::DoNotOptimize(format->duration);
    avformat_close_input(&format);
}

void read_head_and_tail(const std::string& path) {
    static std::vector<char> piece(64 << 10);
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const off_t size = ::lseek(file, 0, SEEK_END);
    const auto length = static_cast<off_t>(piece.size());
    benchmark::DoNotOptimize(::pread(file, piece.data(), piece.size(), 0));
    benchmark::DoNotOptimize(
        ::pread(file, piece.data(), piece.size(), size > length ? size - length : 0));
    ::close(file);
}

template <class Work>
void add(const std::string& name, const std::string& path, Work work) {
    benchmark::RegisterBenchmark(name.c_str(), [path, work](State& state) {
        for (auto _ : state) {
            work(path);
        }
    });
}

void register_probes(const std::string& group, const std::string& path) {
    video::ClipLimits limits;
    limits.containers = {"mp4", "mov"};
    limits.min_seconds = 3;
    limits.max_seconds = 10;
    limits.min_side_px = 720;
    limits.max_side_px = 2160;
    add(group + "/avformat_open_input", path,
        [](const std::string& clip) { open_with_avformat(clip, StreamInfo::left_out); });
    add(group + "/editprep probe", path,
        [](const std::string& clip) { benchmark::DoNotOptimize(video::probe(clip)); });
    add(group + "/editprep probe and preflight", path, [limits](const std::string& clip) {
        benchmark::DoNotOptimize(video::preflight(video::probe(clip), limits));
    });
    add(group + "/avformat with find_stream_info", path,
        [](const std::string& clip) { open_with_avformat(clip, StreamInfo::found); });
}

}  // namespace
}  // namespace editprep::benchmarks

int main(int argc, char** argv) {
    using namespace editprep;
    benchmark::Initialize(&argc, argv);
    av_log_set_level(AV_LOG_QUIET);
    video::set_module_folder(EDITPREP_MODULE_FOLDER);
    const testing::TempFolder folder;
    // Of MP4 and QuickTime, whose boxes are walked, the floor is reading alone.
    const auto register_walks = [](const std::string& group, const std::string& path) {
        benchmarks::add(group + "/read head and tail", path, benchmarks::read_head_and_tail);
        benchmarks::register_probes(group, path);
    };
    const auto make = [&](const std::string& words, const char* name) {
        const std::filesystem::path path = folder / name;
        testing::make_clip("-f lavfi -i testsrc2=size=1280x720:rate=24:duration=5 " + words, path);
        return path.string();
    };
    const std::string h264 = "-c:v libx264 -preset ultrafast ";
    register_walks("mp4, index last", make(h264, "last.mp4"));
    register_walks("mp4, index first", make(h264 + "-movflags +faststart", "first.mp4"));
    register_walks("mp4, fragmented",
                   make(h264 + "-movflags +frag_keyframe+empty_moov", "parts.mp4"));
    register_walks("mov, ProRes", make("-c:v prores -profile:v 3", "prores.mov"));
    benchmarks::register_probes("mkv", make(h264, "clip.mkv"));
    benchmarks::RatioReporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    return 0;
}
