#pragma once

namespace editprep::video {

/// Silences FFmpeg's log, which goes to stderr, for as long as one of these lives. FFmpeg has one
/// level for the process, so they are counted: the last one to go restores the level.
class QuietLog {
public:
    QuietLog();
    ~QuietLog();
    QuietLog(const QuietLog&) = delete;
    QuietLog& operator=(const QuietLog&) = delete;
};

}  // namespace editprep::video
