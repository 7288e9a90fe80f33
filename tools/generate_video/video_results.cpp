#include "tools/generate_video/video_results.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <system_error>

#include "editprep/transport/error.hpp"
#include "editprep/transport/media_reference.hpp"
#include "editprep/transport/redaction.hpp"
#include "editprep/video/error.hpp"
#include "editprep/video/probe.hpp"
#include "tools/remote/fal_job.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/shared/display_path.hpp"

namespace editprep::tools::generate_video {
namespace {

/// As transport::save_media begins its message: there is nothing at the URL, or not yet.
bool is_not_there(const transport::Error& error) {
    if (error.errc() != transport::Errc::http_status) {
        return false;
    }
    const std::string_view what = error.what();
    for (const char* status : {"404 ", "405 ", "409 ", "425 ", "501 "}) {
        if (what.starts_with(status)) {
            return true;
        }
    }
    return false;
}

/// fal says how large the file of its answer is. A connection that ends where its header said it
/// would may still have carried less than that.
std::optional<std::uintmax_t> announced_size(const std::string& answer) {
    const auto json = nlohmann::json::parse(answer, nullptr, /*allow_exceptions=*/false);
    const auto video = json.is_object() ? json.find("video") : json.end();
    if (!json.is_object() || video == json.end() || !video->is_object()) {
        return std::nullopt;
    }
    const auto size = video->find("file_size");
    return size != video->end() && size->is_number_unsigned()
               ? std::optional(size->get<std::uintmax_t>())
               : std::nullopt;
}

/// Why a file is no clip, or not a whole one; nothing for a good one.
std::optional<video::Error> fault_of(const std::string& path) {
    try {
        static_cast<void>(video::probe(display_path(path)));
        return std::nullopt;
    } catch (const video::Error& error) {
        return error;
    }
}

bool is_shorter_than_announced(const std::string& path, const std::string& answer) {
    std::error_code unknown;
    const std::uintmax_t size = std::filesystem::file_size(display_path(path), unknown);
    const auto announced = announced_size(answer);
    return !unknown && announced && size < *announced;
}

std::string reason_of(const transport::Error& error) {
    const bool refused = error.errc() == transport::Errc::address_refused;
    return without_all_keys(error.what()) + (refused ? "; --allow-private allows it" : "");
}

bool refers_to_media(const VideoOutcome& outcome, const RemoteProvider& provider) {
    return provider.is_fal() ? transport::find_media(outcome.resolved).has_value()
                             : !read_job_answer(outcome.resolved).media.empty();
}

}  // namespace

bool ResultSaver::save_content(const std::string& url) {
    try {
        paths_.push_back(tools::save_content(url, folder_, session_).path);
    } catch (const transport::Error& error) {
        session_.progress().clear();
        if (is_not_there(error)) {
            return false;
        }
        failure_ = reason_of(error);
    }
    return true;
}

void ResultSaver::save(const VideoOutcome& outcome, VideoSummary& summary) {
    if (paths_.empty() && failure_.empty()) {
        save_references(outcome);
    }
    check_files(outcome);
    const std::int64_t job = outcome.first.job;
    if (!failure_.empty()) {
        summary.incomplete = true;
        summary.hints.push_back(failure_);
        summary.hints.push_back("the result is kept as job " + std::to_string(job) + ": " +
                                how_to_resume_video(job));
    } else if (!paths_.empty()) {
        write_after_sending(session_.context().err,
                            "job " + std::to_string(job) + " was saved as " + paths_.front(), [&] {
                                session_.jobs().completed(
                                    job, process_keys().without_keys(outcome.resolved));
                                if (whole_) {
                                    session_.jobs().saved(job, paths_);
                                }
                            });
    }
    if (!paths_.empty()) {
        summary.downloaded = paths_.front();
        summary.downloads = paths_;
    }
}

void ResultSaver::save_references(const VideoOutcome& outcome) {
    if (!refers_to_media(outcome, session_.provider())) {
        session_.story().warn("the last answer refers to no video: nothing was saved");
        return;
    }
    try {
        save_results({200, outcome.resolved, outcome.first.job}, folder_, "", session_,
                     [this](const ResultFile& file) { paths_.push_back(file.path); });
    } catch (const transport::Error& error) {
        session_.progress().clear();
        failure_ = reason_of(error);
    }
}

void ResultSaver::check_files(const VideoOutcome& outcome) {
    for (const std::string& path : paths_) {
        const auto fault = fault_of(path);
        if (!fault) {
            continue;
        }
        whole_ = false;
        const std::string what = path + " may not play: " + fault->what();
        const bool cut = paths_.size() == 1 && is_shorter_than_announced(path, outcome.resolved);
        if (cut && failure_.empty()) {
            failure_ = what + "; it has fewer bytes than the provider announced";
        } else {
            session_.story().warn(
                what + "; its job stays in the list: " + how_to_resume_video(outcome.first.job));
        }
    }
}

bool is_printed_whole(const VideoOutcome& outcome) {
    return transport::shorten_payloads(outcome.resolved) == outcome.resolved;
}

}  // namespace editprep::tools::generate_video
