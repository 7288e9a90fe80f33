#include "allocation_limit.hpp"

#include <climits>
#include <cstddef>
#include <mutex>

extern "C" {
#include <libavutil/mem.h>
}

namespace editprep::video {
namespace {

// The index of six hours at 60 frames a second, or a plane of an 8K picture.
constexpr std::size_t kLargestPiece = std::size_t{40} << 20;
constexpr std::size_t kFFmpegsOwn = INT_MAX;

std::mutex limit_mutex;
int limit_count = 0;

}  // namespace

AllocationLimit::AllocationLimit() {
    const std::lock_guard lock(limit_mutex);
    if (limit_count++ == 0) {
        av_max_alloc(kLargestPiece);
    }
}

AllocationLimit::~AllocationLimit() {
    const std::lock_guard lock(limit_mutex);
    if (--limit_count == 0) {
        av_max_alloc(kFFmpegsOwn);
    }
}

}  // namespace editprep::video
