#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "editprep/transport/error.hpp"
#include "editprep/transport/media_reference.hpp"
#include "editprep/transport/media_retrieval.hpp"
#include "tools/fal_client/subcommands.hpp"
#include "tools/remote/fal_job.hpp"
#include "tools/remote/job_log.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/remote/openai_job.hpp"
#include "tools/remote/retrieval.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/new_file.hpp"
#include "tools/shared/output_folders.hpp"

namespace editprep::tools::fal_client {
namespace {

using transport::Job;
using transport::JobState;
using Outcome = JobLook::Outcome;

struct Options {
    std::vector<std::string> names;
    std::string out_dir;
    std::string prefix = "fal";
    std::string config;
    bool allow_private = false;
};

bool is_fal(const Job& job) { return job.provider == "fal"; }

/// Other providers' jobs of which it is known where to ask after them: videos.
bool can_be_asked_after(const Job& job) { return is_fal(job) || !job.status_url.empty(); }

Options parse(const Words& words, Session& session) {
    Options options;
    options.out_dir = default_output_folders(session.context().environment).images;
    CommandLine line("fal_client collect",
                     "Saves the media of every job that is finished, before their links expire, "
                     "and prints the paths. What cannot be saved stays in the list.");
    line.positionals("JOB", options.names,
                     "A request_id or job_id; also of a job that poll has printed (default: all "
                     "pending ones)");
    line.text("--out-dir", options.out_dir,
              {.help = "Folder of the files; ROOT is $MEDIA_GENERATION_OUTPUT_ROOT, else tmp",
               .placeholder = "DIR",
               .default_text = "ROOT/images"});
    line.text("--prefix", options.prefix,
              {.help = "How the names of the files begin", .placeholder = "TEXT"});
    line.text("--config", options.config,
              {.help = "Configuration file with the providers of jobs that are not fal's",
               .placeholder = "FILE",
               .default_text = "$OPENCLAW_CONFIG, else ~/.openclaw/openclaw.json"});
    line.flag("--allow-private", options.allow_private,
              {.help = "Download from private addresses too"});
    session.parse(line, words, [] { return true; });
    check_prefix(options.prefix);
    return options;
}

std::vector<Job> chosen_jobs(const Options& options, Session& session) {
    if (options.names.empty()) {
        std::vector<Job> open = session.jobs().open_jobs();
        std::erase_if(open, [](const Job& job) {
            return !can_be_asked_after(job) && job.state != JobState::completed;
        });
        return open;
    }
    std::vector<Job> jobs;
    for (const std::string& name : options.names) {
        const auto job = find_job(session.jobs(), name);
        if (!job) {
            throw Failure("no such job: " + name);
        }
        jobs.push_back(*job);
    }
    return jobs;
}

std::string name_of_job(const Job& job) {
    return job.request_id.empty() ? std::to_string(job.id) : job.request_id;
}

/// An answer that was no JSON is kept as a JSON string.
std::string text_of(const std::string& result) {
    const auto json = nlohmann::json::parse(result, nullptr, false);
    return json.is_string() ? json.get<std::string>() : result;
}

class Collector {
public:
    Collector(const Options& options, Session& session) : options_(options), session_(session) {}

    void take(const Job& job) {
        try {
            if (const auto result = result_of(job)) {
                save(job, *result);
            }
        } catch (const transport::Error& error) {
            if (error.errc() == transport::Errc::cancelled) {
                throw;
            }
            session_.jobs().look_failed(job.id, error.what());
            report(job, error.what());
        }
    }

    void finish() const {
        if (waiting_ > 0) {
            session_.story().note(std::to_string(waiting_) +
                                  (waiting_ == 1 ? " job is" : " jobs are") + " not finished yet");
        }
        if (failed_) {
            throw ExitRequest{kFailed};
        }
    }

private:
    void report(const Job& job, const std::string& reason) {
        session_.context().err(one_line("ERROR: job " + name_of_job(job) + ": " + reason) + '\n');
        failed_ = true;
    }

    std::optional<std::string> result_of(const Job& job) {
        switch (job.state) {
            case JobState::completed:
            case JobState::saved:
                return job.result_json;
            case JobState::waiting:
                if (!can_be_asked_after(job)) {
                    report(job, "its answer was not kept: look at the provider's dashboard");
                    return std::nullopt;
                }
                return is_fal(job) ? look_for_result(job) : look_for_video(job);
            case JobState::failed:
            case JobState::refused:
                report(job, job.error.value_or("failed"));
                return std::nullopt;
            case JobState::sending:
                ++waiting_;
                return std::nullopt;
            case JobState::unknown_outcome:
                report(job, "its outcome is unknown: look at the provider's dashboard");
                return std::nullopt;
        }
        return std::nullopt;
    }

    std::optional<std::string> look_for_result(const Job& job) {
        JobLook look = look_at_job(session_.fal(), request_of(job));
        write_down(session_.jobs(), job.id, request_of(job), look, session_.context().err);
        return result_in(job, std::move(look));
    }

    std::optional<std::string> look_for_video(const Job& job) {
        const transport::ProviderEntry entry = entry_of(job);
        const Network& network = session_.network();
        transport::HttpClient http = client_for(entry, network);
        transport::OpenAiClient client(http, network.clock, entry.base_url, entry.api_key);
        const OpenAiJob place = openai_job_of(job);
        JobLook look = look_at_openai_job(client, place, {.any_address = options_.allow_private});
        write_down(session_.jobs(), place, look, session_.context().err);
        if (lies_at_content_url(look, place)) {
            save_content(job, entry, http, look.response.body);
            return std::nullopt;
        }
        return result_in(job, std::move(look));
    }

    std::optional<std::string> result_in(const Job& job, JobLook look) {
        switch (look.outcome) {
            case Outcome::completed:
                return std::move(look.response.body);
            case Outcome::waiting:
                ++waiting_;
                break;
            case Outcome::failed:
            case Outcome::unclear:
                report(job, look.reason);
                break;
        }
        return std::nullopt;
    }

    void save(const Job& job, const std::string& result) {
        const auto references = transport::find_all_media(text_of(result));
        if (references.empty()) {
            report(job, is_fal(job) ? "its result refers to no media; 'fal_client poll' prints it"
                                    : "its answer refers to no media; it stays in the list");
            return;
        }
        ProgressLine progress = session_.progress();
        auto [retrieval, http] = way_to(job, references);
        aim(retrieval, job, progress);
        std::vector<std::string> paths;
        for (const transport::MediaReference& reference : references) {
            paths.push_back(save_result(reference, retrieval, http, session_.network().clock).path);
            progress.clear();
            session_.context().out(paths.back() + '\n');
        }
        session_.jobs().saved(job.id, paths);
    }

    void aim(transport::RetrievalOptions& retrieval, const Job& job, ProgressLine& progress) const {
        retrieval.name_file = [this](const std::string& extension) {
            return new_file_path(options_.out_dir, options_.prefix, extension);
        };
        retrieval.reach.any_address = options_.allow_private;
        retrieval.progress = progress.bytes(name_of_job(job));
    }

    /// A video that its answer does not refer to.
    void save_content(const Job& job, const transport::ProviderEntry& entry,
                      transport::HttpClient& http, const std::string& answer) {
        ProgressLine progress = session_.progress();
        transport::RetrievalOptions retrieval = provider_retrieval(entry);
        aim(retrieval, job, progress);
        retrieval.headers.push_back({"Accept", "application/binary"});
        const std::string path =
            transport::save_media({transport::MediaReference::Kind::url, job.response_url},
                                  retrieval, http, session_.network().clock)
                .path;
        progress.clear();
        session_.context().out(path + '\n');
        session_.jobs().completed(job.id, process_keys().without_keys(answer));
        session_.jobs().saved(job.id, {path});
    }

    /// A result that is inside the answer needs no provider.
    std::pair<transport::RetrievalOptions, transport::HttpClient> way_to(
        const Job& job, const std::vector<transport::MediaReference>& references) {
        using Kind = transport::MediaReference::Kind;
        const Network& network = session_.network();
        const Environment& environment = session_.context().environment;
        if (is_fal(job)) {
            return {fal_retrieval(environment), transport::HttpClient(network.http.settings())};
        }
        const bool to_download =
            std::ranges::any_of(references, [](const transport::MediaReference& reference) {
                return reference.kind == Kind::url || reference.kind == Kind::relative;
            });
        if (!to_download) {
            return {transport::RetrievalOptions{}, transport::HttpClient(network.http.settings())};
        }
        const transport::ProviderEntry entry = entry_of(job);
        return {provider_retrieval(entry), client_for(entry, network)};
    }

    [[nodiscard]] transport::ProviderEntry entry_of(const Job& job) const {
        try {
            return configured_entry(job.provider, options_.config, session_.context().environment);
        } catch (const transport::Error& error) {
            throw transport::Error(error.errc(),
                                   "its result has to be fetched from the provider '" +
                                       job.provider + "': " + error.what() +
                                       "; the job is kept, name the file with --config",
                                   error.subject());
        }
    }

    const Options& options_;
    Session& session_;
    int waiting_ = 0;
    bool failed_ = false;
};

}  // namespace

void collect(const Words& words, Session& session) {
    const Options options = parse(words, session);
    const std::vector<Job> jobs = chosen_jobs(options, session);
    if (jobs.empty()) {
        session.story().note("there is nothing to collect");
    }
    Collector collector(options, session);
    for (const Job& job : jobs) {
        collector.take(job);
    }
    collector.finish();
}

}  // namespace editprep::tools::fal_client
