#include "tools/prepare_object_mask/many_masks.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "tools/prepare_object_mask/mask_job.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/imaging_error.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/parallel.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools::prepare_object_mask {
namespace {

using Json = nlohmann::ordered_json;

struct MaskResult {
    int exit_code = kDone;
    Json made;
    std::string err;
};

/// The same for all ways to name a file, as far as they can be told.
std::string identity(const std::string& path) {
    std::error_code unknown;
    const std::filesystem::path known = std::filesystem::weakly_canonical(path, unknown);
    return unknown ? path : known.string();
}

/// No mask may take the place of another, or of a picture that is still to be read.
void check_apart(const std::vector<MaskJob>& jobs) {
    std::map<std::string, std::string> image_of;
    for (const MaskJob& job : jobs) {
        const auto [other, is_new] = image_of.emplace(identity(job.out), job.image);
        if (!is_new) {
            throw Failure("the masks of " + display_path(other->second) + " and " +
                          display_path(job.image) + " would both be " + display_path(job.out) +
                          "; name each picture once, and give pictures of one name an --out-dir "
                          "each, in runs of their own");
        }
    }
    for (const MaskJob& job : jobs) {
        if (const auto written = image_of.find(identity(job.image)); written != image_of.end()) {
            throw Failure("the mask of " + display_path(written->second) +
                          " would replace the picture " + display_path(job.image) +
                          "; leave one of them out, or give --out-dir");
        }
    }
}

std::vector<MaskJob> plan_jobs(const Options& options) {
    std::vector<MaskJob> jobs;
    for (const std::string& image : options.images) {
        jobs.push_back(job_for(image, options));
    }
    check_apart(jobs);
    return jobs;
}

MaskResult work_on(const MaskJob& job, const Options& options, const Context& context) {
    MaskResult result;
    Context quiet = context;
    quiet.err = [&result](std::string_view text) { result.err += text; };
    const auto command = [&](const Words&, const Context& inner) {
        result.made = make_mask(job, options, /*threads=*/1, inner);
    };
    result.exit_code = run_command(command, {}, quiet, describe_imaging_error);
    return result;
}

/// `WARN: text` as `WARN: <image>: text`, unless it names the image already.
std::string naming(const std::string& image, const std::string& line) {
    const std::size_t colon = line.find(": ");
    if (line.find(image) != std::string::npos || colon == std::string::npos) {
        return line;
    }
    return line.substr(0, colon + 2) + image + line.substr(colon);
}

std::string reason_in(const std::string& error_line) {
    constexpr std::string_view kError = "ERROR: ";
    return error_line.starts_with(kError) ? error_line.substr(kError.size()) : error_line;
}

/// Passes on what the jobs give, each when all before it have ended.
class OrderedResults {
public:
    OrderedResults(const std::vector<MaskJob>& jobs, bool print_json, const Context& context)
        : jobs_(jobs), print_json_(print_json), context_(context), results_(jobs.size()) {}

    void take(std::size_t i, MaskResult result) {
        const std::scoped_lock lock(mutex_);
        results_[i] = std::move(result);
        for (; next_ < results_.size() && results_[next_]; ++next_) {
            pass_on(jobs_[next_], *results_[next_]);
            results_[next_].reset();
        }
    }

    /// After the last: what is printed at the end; throws ExitRequest.
    void finish() const {
        if (print_json_) {
            context_.out(indented_json(documents_) + '\n');
        }
        if (exit_code_ != kDone) {
            throw ExitRequest{exit_code_};
        }
    }

private:
    void pass_on(const MaskJob& job, const MaskResult& result) {
        const std::string image = one_line(display_path(job.image));
        std::string told;
        std::istringstream text(result.err);
        for (std::string line; std::getline(text, line);) {
            told = naming(image, line);
            context_.err(told + '\n');
        }
        if (result.exit_code == kDone) {
            add(result.made);
            return;
        }
        // A failure weighs more than a mask that was not trusted.
        exit_code_ = exit_code_ == kFailed ? kFailed : result.exit_code;
        if (print_json_) {
            documents_.push_back({{"mask", nullptr}, {"image", image}, {"error", reason_in(told)}});
        }
    }

    void add(const Json& made) {
        if (print_json_) {
            documents_.push_back(made);
        } else {
            context_.out(made["mask"].get<std::string>() + '\n');
        }
    }

    const std::vector<MaskJob>& jobs_;
    bool print_json_;
    const Context& context_;
    std::mutex mutex_;
    std::vector<std::optional<MaskResult>> results_;
    std::size_t next_ = 0;
    Json documents_ = Json::array();
    int exit_code_ = kDone;
};

}  // namespace

void make_many_masks(const Options& options, const Context& context) {
    const std::vector<MaskJob> jobs = plan_jobs(options);
    OrderedResults results(jobs, options.print_json, context);
    in_parallel(jobs.size(), thread_count(options.mask.selection.values.threads),
                [&](std::size_t i) { results.take(i, work_on(jobs[i], options, context)); });
    results.finish();
}

}  // namespace editprep::tools::prepare_object_mask
