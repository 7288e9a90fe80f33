#pragma once

#include <string>
#include <vector>

#include "tools/generate_video/video_summary.hpp"
#include "tools/workflow/remote_session.hpp"
#include "tools/workflow/result_files.hpp"

/// From the end of a job to files.
namespace editprep::tools::generate_video {

/// Saves what a job made, before its links expire, and takes down where it went. What cannot be
/// saved stays in the list of jobs.
class ResultSaver {
public:
    /// References must outlive the saver.
    ResultSaver(const ResultFolder& folder, RemoteSession& session)
        : folder_(folder), session_(session) {}

    /// See SaveContent.
    [[nodiscard]] bool save_content(const std::string& url);

    /// Everything that the last answer refers to, unless the content was saved already; fills the
    /// summary's downloads, and its hints with what went wrong. A job that refers to nothing is
    /// only told of, and so is a file that is no clip.
    void save(const VideoOutcome& outcome, VideoSummary& summary);

private:
    void save_references(const VideoOutcome& outcome);
    /// Warns of what is no whole clip; one with fewer bytes than the answer announced is a failure.
    void check_files(const VideoOutcome& outcome);

    const ResultFolder& folder_;
    RemoteSession& session_;
    std::vector<std::string> paths_;
    /// Why the content could not be saved.
    std::string failure_;
    /// Every file is a clip that can be read. It was paid for and is kept, whatever it is, but a
    /// job with another one stays in the list.
    bool whole_ = true;
};

/// The last answer holds no payload: printed in the summary nobody needs the job's own copy.
[[nodiscard]] bool is_printed_whole(const VideoOutcome& outcome);

}  // namespace editprep::tools::generate_video
