#include "tools/workflow/result_files.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <utility>

#include "editprep/transport/error.hpp"
#include "editprep/transport/media_reference.hpp"
#include "editprep/transport/media_retrieval.hpp"
#include "editprep/transport/redaction.hpp"
#include "tools/remote/job_log.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/remote/retrieval.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/new_file.hpp"
#include "tools/shared/output_folders.hpp"

namespace editprep::tools {
namespace {

using transport::MediaReference;

std::vector<MediaReference> references_in(const RemoteAnswer& answer) {
    std::vector<MediaReference> found = transport::find_all_media(answer.body);
    if (found.empty()) {
        throw transport::Error(transport::Errc::no_media, "no media reference found in response");
    }
    return found;
}

transport::RetrievalOptions options_for(const ResultFolder& folder, RemoteSession& session) {
    const RemoteProvider& provider = session.provider();
    transport::RetrievalOptions options = provider.is_fal()
                                              ? fal_retrieval(session.context().environment)
                                              : provider_retrieval(provider.entry);
    options.reach.any_address = folder.allow_private;
    options.timeouts = folder.timeouts;
    options.progress = session.progress().bytes("downloading");
    if (folder.kind == ResultKind::video) {
        // Some file servers refuse programs that say what they are.
        options.headers.push_back({"User-Agent", "Mozilla/5.0"});
    }
    return options;
}

/// It is kept all the same: it may be a format that nobody here knows yet.
void warn_of_other_kind(const transport::SavedMedia& saved, ResultKind kind, const Story& story) {
    const bool is_picture = kind == ResultKind::picture;
    if (!saved.media_type.starts_with(is_picture ? "image/" : "video/")) {
        story.warn(std::string("what the provider sent is not a ") +
                   (is_picture ? "picture" : "video") + " (" + saved.media_type +
                   "): " + saved.path);
    }
}

}  // namespace

ResultFolder make_result_folder(const std::optional<std::string>& out_dir,
                                const std::string& prefix, const RemoteGroup& remote,
                                const Context& context, ResultKind kind) {
    const OutputFolders defaults = default_output_folders(context.environment);
    const std::string folder =
        out_dir.value_or(kind == ResultKind::picture ? defaults.images : defaults.videos);
    std::error_code error;
    std::filesystem::create_directories(display_path(folder), error);
    if (error) {
        throw Failure("cannot make the folder " + display_path(folder) + ": " + error.message());
    }
    ResultFolder result{folder, prefix, remote.allow_private, kind};
    const transport::Timeouts asked = timeouts_of(remote);
    result.timeouts.connect = std::min(result.timeouts.connect, asked.connect);
    result.timeouts.stall = std::min(result.timeouts.stall, asked.stall);
    return result;
}

void save_results(const RemoteAnswer& answer, const ResultFolder& folder,
                  const std::string& name_end, RemoteSession& session,
                  const std::function<void(const ResultFile&)>& on_saved) {
    transport::RetrievalOptions options = options_for(folder, session);
    for (const MediaReference& reference : references_in(answer)) {
        ResultFile result;
        result.stem = new_file_path(folder.folder, folder.prefix, "");
        options.name_file = [&](const std::string& extension) {
            return result.stem + name_end + extension;
        };
        const transport::SavedMedia saved =
            save_result(reference, options, session.http(), session.clock());
        session.progress().clear();
        warn_of_other_kind(saved, folder.kind, session.story());
        result.path = saved.path;
        on_saved(result);
    }
}

ResultFile save_content(const std::string& url, const ResultFolder& folder,
                        RemoteSession& session) {
    transport::RetrievalOptions options = options_for(folder, session);
    options.headers.push_back({"Accept", "application/binary"});
    ResultFile result;
    result.stem = new_file_path(folder.folder, folder.prefix, "");
    options.name_file = [&](const std::string& extension) { return result.stem + extension; };
    const transport::SavedMedia saved = transport::save_media(
        {MediaReference::Kind::url, url}, options, session.http(), session.clock());
    session.progress().clear();
    warn_of_other_kind(saved, folder.kind, session.story());
    result.path = saved.path;
    return result;
}

EarlierFiles earlier_files(const transport::Job& job, const Story& story) {
    EarlierFiles files;
    std::string gone;
    std::istringstream lines(job.saved_to);
    for (std::string path; std::getline(lines, path);) {
        std::error_code unknown;
        if (!std::filesystem::is_regular_file(display_path(path), unknown)) {
            gone += (gone.empty() ? "" : ", ") + path;
        }
        const bool raw = std::filesystem::path(path).stem().string().ends_with(kRawNameEnd);
        (raw ? files.raw : files.results).push_back(path);
    }
    if (!gone.empty()) {
        story.note("job " + std::to_string(job.id) + " was saved before, and its files are gone (" +
                   gone + "): looking for them at the provider again");
    }
    files.complete = gone.empty() && !job.saved_to.empty();
    return files;
}

EditSummary summarise(const RemoteAnswer& answer, const PlannedCall& call,
                      const RemoteProvider& provider, const std::string& model,
                      const std::string& purpose) {
    EditSummary summary;
    summary.status = answer.status;
    summary.model = model;
    summary.provider = provider.name;
    summary.endpoint = call.url;
    KeyGuard guard;
    guard.hide(provider.key());
    summary.response = guard.without_keys(answer.body);
    summary.prompt_used = call.prompt_used;
    summary.job = answer.job;
    summary.hints = hints_for(answer.status, call.endpoint, purpose);
    if (!answer.ok()) {
        // An error body may echo the pictures that it complains of.
        shorten_response(summary);
    }
    return summary;
}

void note_saved_once_printed(EditSummary& summary, const RemoteAnswer& answer,
                             const Context& context, const Story& story) {
    // A command that runs this one keeps what is printed without its payloads.
    if (!context.interactive && transport::shorten_payloads(answer.body) != answer.body) {
        const std::string job = std::to_string(answer.job);
        story.note("the answer is kept as job " + job + ": 'fal_client collect " + job +
                   "' saves the pictures in it");
        return;
    }
    summary.on_printed = [job = answer.job, &context, &story] {
        try {
            open_job_store(context.environment, story).saved(job, {});
        } catch (const transport::Error& error) {
            story.warn(error.what());
        }
    };
}

void note_failure(EditSummary& summary, const std::string& what) {
    summary.hints.push_back(what);
    summary.incomplete = true;
}

void note_failure(EditSummary& summary, const std::string& what, const RemoteAnswer& answer) {
    note_failure(summary, what);
    const bool was_saved = answer.earlier && answer.earlier->state == transport::JobState::saved;
    if (was_saved) {
        summary.hints.push_back(
            "an earlier run had job " + std::to_string(answer.job) +
            (answer.earlier->saved_to.empty() ? " printed" : " saved") +
            ", and nothing more can be had of it; another --idempotency-key has it made, and "
            "charged for, again");
    } else if (answer.kept) {
        const std::string job = std::to_string(answer.job);
        summary.hints.push_back("the answer is kept as job " + job + ": fal_client collect " + job +
                                " looks for pictures in it again and saves them");
    }
}

void shorten_response(EditSummary& summary) {
    summary.response = transport::shorten_payloads(summary.response);
}

}  // namespace editprep::tools
