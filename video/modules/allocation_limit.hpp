#pragma once

namespace editprep::video {

/// Keeps each piece of memory that FFmpeg takes small for as long as one of these lives: a file of
/// a few hundred bytes can ask for an index of gigabytes. FFmpeg has one limit for the process, so
/// they are counted: the last one to go restores FFmpeg's own.
class AllocationLimit {
public:
    AllocationLimit();
    ~AllocationLimit();
    AllocationLimit(const AllocationLimit&) = delete;
    AllocationLimit& operator=(const AllocationLimit&) = delete;
};

}  // namespace editprep::video
