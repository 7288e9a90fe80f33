#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/workflow/edit_summary.hpp"
#include "tools/workflow/remote_call.hpp"
#include "tools/workflow/remote_session.hpp"

/// From a provider's answer to files.
namespace editprep::tools {

/// What a result should be. Anything else is kept as well, and warned of.
enum class ResultKind { picture, video };

/// Where results go.
struct ResultFolder {
    std::string folder;
    std::string prefix;
    bool allow_private = false;
    ResultKind kind = ResultKind::picture;
    /// For what is downloaded; --timeout never lengthens it.
    transport::Timeouts timeouts{};
};

/// The folder is made now, so that a place that cannot be written to is known before anything is
/// paid for.
/// @param out_dir unset: the default folder for results of that kind
[[nodiscard]] ResultFolder make_result_folder(const std::optional<std::string>& out_dir,
                                              const std::string& prefix, const RemoteGroup& remote,
                                              const Context& context,
                                              ResultKind kind = ResultKind::picture);

/// A result that was downloaded or decoded.
struct ResultFile {
    std::string path;
    /// `<prefix>_<hex8>` in its folder: further files of the same result begin with it.
    std::string stem;
};

/// Saves all results that the answer refers to, in order, as
/// `<folder>/<prefix>_<hex8><name_end><extension>`. `on_saved` sees each as soon as it is there.
/// Throws transport::Error for the first that cannot be found or saved; those before it stay.
void save_results(const RemoteAnswer& answer, const ResultFolder& folder,
                  const std::string& name_end, RemoteSession& session,
                  const std::function<void(const ResultFile&)>& on_saved);

/// The same for a video that no answer refers to and that only the key's holder gets: the content
/// of a job.
[[nodiscard]] ResultFile save_content(const std::string& url, const ResultFolder& folder,
                                      RemoteSession& session);

/// What an earlier run of the same idempotency key saved of a job.
struct EarlierFiles {
    /// All that were noted are there.
    bool complete = false;
    /// The final ones; a composite before the provider's picture that it was made of.
    std::vector<std::string> results{};
    /// The provider's own, where the final ones are composites.
    std::vector<std::string> raw{};
};

/// Tells the story of files that are gone.
[[nodiscard]] EarlierFiles earlier_files(const transport::Job& job, const Story& story);

/// The end of the names of pictures that a composite is made of.
inline constexpr const char* kRawNameEnd = "_raw";

/// The parts of a summary that are known once there is an answer; hints for an HTTP failure.
[[nodiscard]] EditSummary summarise(const RemoteAnswer& answer, const PlannedCall& call,
                                    const RemoteProvider& provider, const std::string& model,
                                    const std::string& purpose);

/// Where nothing is saved by wish, the printed answer is the only copy: the job store keeps its own
/// until then. Context and story must outlive the summary's use.
void note_saved_once_printed(EditSummary& summary, const RemoteAnswer& answer,
                             const Context& context, const Story& story);

/// Notes in the summary that something could not be done with the answer. Of one that was saved by
/// an earlier run nothing is left but its references.
void note_failure(EditSummary& summary, const std::string& what);
/// The same where the answer itself could not be saved, and how to get at it.
void note_failure(EditSummary& summary, const std::string& what, const RemoteAnswer& answer);

/// With everything saved, payloads in the response are shortened: they would only be repeated.
void shorten_response(EditSummary& summary);

}  // namespace editprep::tools
