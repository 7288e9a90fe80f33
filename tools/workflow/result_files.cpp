#include "tools/workflow/result_files.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "editprep/transport/error.hpp"
#include "editprep/transport/media_reference.hpp"
#include "editprep/transport/media_retrieval.hpp"
#include "editprep/transport/redaction.hpp"
#include "editprep/transport/url.hpp"
#include "tools/remote/fal_access.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/new_file.hpp"
#include "tools/shared/output_folders.hpp"

namespace editprep::tools {
namespace {

using transport::MediaReference;

std::vector<MediaReference> references_in(const RemoteAnswer& answer, std::int64_t count) {
    std::vector<MediaReference> found;
    if (count > 1) {
        found = transport::find_all_media(answer.body);
    } else if (auto first = transport::find_media(answer.body)) {
        found.push_back(std::move(*first));
    }
    if (found.empty()) {
        throw transport::Error(transport::Errc::no_media, "no media reference found in response");
    }
    return found;
}

transport::RetrievalOptions options_for(const ResultFolder& folder, RemoteSession& session) {
    const RemoteProvider& provider = session.provider();
    transport::RetrievalOptions options;
    options.reach.any_address = folder.allow_private;
    options.progress = session.progress().bytes("downloading");
    if (provider.is_fal()) {
        options.reach.trusted_hosts = fal_trusted_hosts(session.context().environment);
    } else {
        options.origin = provider.entry.base_url;
        options.reach.trusted_hosts = {transport::parse_url(provider.entry.base_url).host};
    }
    return options;
}

/// References of an OpenAI-compatible provider to its own origin may need the key, and absolute
/// URLs mostly carry a signature of their own: those are tried without the key first.
transport::SavedMedia save_one(const MediaReference& reference,
                               const transport::RetrievalOptions& options, RemoteSession& session) {
    const RemoteProvider& provider = session.provider();
    transport::RetrievalOptions with_key = options;
    if (!provider.is_fal()) {
        with_key.credential =
            transport::Credential{.prefix = "Bearer ", .key = provider.entry.api_key};
        with_key.credential_origin = provider.entry.base_url;
    }
    const bool own_url = reference.kind == MediaReference::Kind::url && !provider.is_fal() &&
                         transport::same_origin(transport::parse_url(reference.value),
                                                transport::parse_url(provider.entry.base_url));
    if (!own_url) {
        return transport::save_media(reference, with_key, session.http(), session.clock());
    }
    try {
        return transport::save_media(reference, options, session.http(), session.clock());
    } catch (const transport::Error& error) {
        if (error.errc() != transport::Errc::http_status) {
            throw;
        }
        return transport::save_media(reference, with_key, session.http(), session.clock());
    }
}

}  // namespace

ResultFolder make_result_folder(const std::optional<std::string>& out_dir,
                                const std::string& prefix, bool allow_private,
                                const Context& context) {
    const std::string folder = out_dir.value_or(default_output_folders(context.environment).images);
    std::error_code error;
    std::filesystem::create_directories(display_path(folder), error);
    if (error) {
        throw Failure("cannot make the folder " + display_path(folder) + ": " + error.message());
    }
    return {folder, prefix, allow_private};
}

void save_results(const RemoteAnswer& answer, const PlannedCall& call, const ResultFolder& folder,
                  const std::string& name_end, RemoteSession& session,
                  const std::function<void(const ResultFile&)>& on_saved) {
    transport::RetrievalOptions options = options_for(folder, session);
    for (const MediaReference& reference : references_in(answer, call.count)) {
        ResultFile result;
        result.stem = new_file_path(folder.folder, folder.prefix, "");
        options.name_file = [&](const std::string& extension) {
            return result.stem + name_end + extension;
        };
        result.path = save_one(reference, options, session).path;
        session.progress().clear();
        on_saved(result);
    }
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

void note_failure(EditSummary& summary, const std::string& what) {
    summary.hints.push_back(what);
    summary.incomplete = true;
}

void note_failure(EditSummary& summary, const std::string& what, const RemoteAnswer& answer) {
    note_failure(summary, what);
    if (answer.kept) {
        const std::string job = std::to_string(answer.job);
        summary.hints.push_back("the answer is kept as job " + job + ": fal_client collect " + job +
                                " tries again");
    }
}

void shorten_response(EditSummary& summary) {
    summary.response = transport::shorten_payloads(summary.response);
}

}  // namespace editprep::tools
