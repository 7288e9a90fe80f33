#include "quiet_log.hpp"

#include <mutex>

extern "C" {
#include <libavutil/log.h>
}

namespace editprep::video {
namespace {

std::mutex log_mutex;
int quiet_count = 0;
int level_before = 0;

}  // namespace

QuietLog::QuietLog() {
    const std::lock_guard lock(log_mutex);
    if (quiet_count++ == 0) {
        level_before = av_log_get_level();
        av_log_set_level(AV_LOG_QUIET);
    }
}

QuietLog::~QuietLog() {
    const std::lock_guard lock(log_mutex);
    if (--quiet_count == 0) {
        av_log_set_level(level_before);
    }
}

}  // namespace editprep::video
