#include "tools/generate_batch_media/summary.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>

#include "tools/remote/json_argument.hpp"
#include "tools/remote/shown_json.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

using Json = nlohmann::ordered_json;

/// Of the shards whose summaries are missing.
constexpr std::size_t kMissingNamed = 8;

/// A sum of prices or of seconds has digits at its end that nobody owes and nobody waited for.
double in_millionths(double value) { return std::round(value * 1e6) / 1e6; }

template <class Value>
Json or_null(const std::optional<Value>& value) {
    return value ? Json(*value) : Json();
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

/// The members of an object, with a reason for each that is not what it should be.
class Reader {
public:
    explicit Reader(const Json& json) : json_(json) {
        if (!json.is_object()) {
            throw std::invalid_argument("it is no JSON object");
        }
    }

    [[nodiscard]] const Json& at(const char* key) const {
        const auto found = json_.find(key);
        if (found == json_.end()) {
            throw std::invalid_argument(std::string("it has no '") + key + '\'');
        }
        return *found;
    }

    template <class Value>
    [[nodiscard]] Value get(const char* key) const {
        return converted<Value>(at(key), key);
    }

    template <class Value>
    [[nodiscard]] std::optional<Value> get_optional(const char* key) const {
        const Json& value = at(key);
        return value.is_null() ? std::nullopt : std::optional(converted<Value>(value, key));
    }

private:
    template <class Value>
    static Value converted(const Json& value, const char* key) {
        try {
            return value.get<Value>();
        } catch (const Json::exception&) {
            throw std::invalid_argument(std::string("its '") + key + "' is not what it should be");
        }
    }

    const Json& json_;
};

BatchSummary to_summary(const Json& json) {
    const Reader reader(json);
    BatchSummary summary;
    summary.count = reader.get<int>("count");
    if (summary.count < 0) {
        throw std::invalid_argument("its 'count' is not what it should be");
    }
    summary.manifest = reader.get<std::string>("manifest");
    summary.summary_out = reader.get_optional<std::string>("summary_out");
    summary.dry_run = reader.get<bool>("dry_run");
    summary.stopped = reader.get_optional<std::string>("stopped").value_or("");
    if (const auto shard = reader.get_optional<std::string>("shard")) {
        summary.shard = parse_shard(*shard);
    }
    for (const Json& result : reader.at("results")) {
        summary.results.push_back(read_result(result));
    }
    return summary;
}

[[noreturn]] void fail(const std::string& path, const std::string& what) {
    throw Failure(display_path(path) + ": " + what);
}

Shard shard_of(const BatchSummary& summary) { return summary.shard.value_or(Shard{}); }

/// Throws Failure when two files cannot be parts of one batch.
void check_parts(const std::string& path, const BatchSummary& part, const std::string& first_path,
                 const BatchSummary& first) {
    const std::string other = display_path(first_path);
    if (part.manifest != first.manifest) {
        fail(path, "it is about the manifest " + part.manifest + ", and " + other + " about " +
                       first.manifest);
    }
    if (part.count != first.count) {
        fail(path, "its manifest has " + std::to_string(part.count) + " items, that of " + other +
                       ' ' + std::to_string(first.count));
    }
    if (shard_of(part).count != shard_of(first).count || part.dry_run != first.dry_run) {
        fail(path, "it is of another run than " + other);
    }
    const bool foreign = std::ranges::any_of(part.results, [&](const ItemResult& result) {
        return result.index < 1 || result.index > part.count || !shard_of(part).holds(result.index);
    });
    if (foreign) {
        fail(path, "it has items that are not its shard's");
    }
}

void refuse_missing(const std::map<int, std::string>& shards, int count) {
    const std::size_t missing = static_cast<std::size_t>(count) - shards.size();
    if (missing == 0) {
        return;
    }
    std::string names;
    std::size_t named = 0;
    for (int number = 1; named < std::min(missing, kMissingNamed); ++number) {
        if (!shards.contains(number)) {
            names += (names.empty() ? "" : ", ") + to_string(Shard{number, count});
            ++named;
        }
    }
    if (missing > named) {
        names += " and " + std::to_string(missing - named) + " more";
    }
    throw Failure("the summaries of these shards are missing: " + names);
}

void add_part(BatchSummary& whole, BatchSummary part) {
    std::ranges::move(part.results, std::back_inserter(whole.results));
    if (!part.stopped.empty()) {
        const std::string name = part.shard ? "shard " + to_string(*part.shard) + ": " : "";
        whole.stopped += (whole.stopped.empty() ? "" : "; ") + name + part.stopped;
    }
}

}  // namespace

bool BatchSummary::ok() const noexcept {
    return failed() == 0 && would_fail() == 0 && stopped.empty();
}

int BatchSummary::failed() const noexcept {
    return static_cast<int>(
        std::ranges::count_if(results, [](const ItemResult& result) { return !result.ok; }));
}

int BatchSummary::would_fail() const noexcept {
    return static_cast<int>(std::ranges::count_if(
        results, [](const ItemResult& result) { return result.would_fail.has_value(); }));
}

double BatchSummary::cost_usd() const noexcept {
    double sum = 0;
    for (const ItemResult& result : results) {
        sum += result.cost_usd.value_or(0);
    }
    return sum;
}

int BatchSummary::cost_unknown() const noexcept {
    return static_cast<int>(std::ranges::count_if(
        results, [](const ItemResult& result) { return !result.cost_usd && !result.would_fail; }));
}

Json result_json(const ItemResult& result) {
    Json json;
    json["index"] = result.index;
    json["item"] = shown_json(result.item);
    json["cmd"] = shown_json(result.cmd);
    json["ok"] = result.ok;
    json["stdout"] = or_null(result.out);
    json["stderr"] = or_null(result.err);
    json["exit_code"] = result.exit_code;
    json["files"] = result.files;
    json["provider"] = text_or_null(result.provider);
    json["model"] = text_or_null(result.model);
    json["cost_usd"] = result.cost_usd ? Json(in_millionths(*result.cost_usd)) : Json();
    json["cost_basis"] = text_or_null(result.cost_basis);
    json["seconds"] = in_millionths(result.seconds);
    json["reused"] = result.reused;
    json["warnings"] = result.warnings;
    json["would_fail"] = or_null(result.would_fail);
    return json;
}

Json summary_json(const BatchSummary& summary) {
    Json json;
    json["ok"] = summary.ok();
    json["count"] = summary.count;
    json["manifest"] = summary.manifest;
    json["summary_out"] = or_null(summary.summary_out);
    Json& results = json["results"] = Json::array();
    for (const ItemResult& result : summary.results) {
        results.push_back(result_json(result));
    }
    json["failed"] = summary.failed();
    json["cost_usd"] = in_millionths(summary.cost_usd());
    json["cost_unknown"] = summary.cost_unknown();
    json["shard"] = summary.shard ? Json(to_string(*summary.shard)) : Json();
    json["stopped"] = text_or_null(summary.stopped);
    json["dry_run"] = summary.dry_run;
    json["would_fail"] = summary.would_fail();
    return json;
}

ItemResult read_result(const Json& json) {
    const Reader reader(json);
    ItemResult result;
    result.index = reader.get<int>("index");
    result.item = reader.at("item");
    result.cmd = reader.get<std::vector<std::string>>("cmd");
    result.ok = reader.get<bool>("ok");
    result.out = reader.get_optional<std::string>("stdout");
    result.err = reader.get_optional<std::string>("stderr");
    result.exit_code = reader.get<int>("exit_code");
    result.files = reader.get<std::vector<std::string>>("files");
    result.provider = reader.get_optional<std::string>("provider").value_or("");
    result.model = reader.get_optional<std::string>("model").value_or("");
    result.cost_usd = reader.get_optional<double>("cost_usd");
    result.cost_basis = reader.get_optional<std::string>("cost_basis").value_or("");
    result.seconds = reader.get<double>("seconds");
    result.reused = reader.get<bool>("reused");
    result.warnings = reader.get<std::vector<std::string>>("warnings");
    // Journals and summaries of earlier versions do without.
    if (json.contains("would_fail")) {
        result.would_fail = reader.get_optional<std::string>("would_fail");
    }
    return result;
}

BatchSummary read_summary(const std::string& path) {
    const std::string text = read_json_argument('@' + path);
    try {
        return to_summary(read_json(text));
    } catch (const std::invalid_argument& error) {
        fail(path, std::string("it is no summary of a batch: ") + error.what());
    } catch (const UsageError& error) {
        fail(path, std::string("it is no summary of a batch: ") + error.what());
    }
}

bool is_summary(const std::string& path) {
    try {
        const Json json = read_json(read_json_argument('@' + path));
        const auto results = json.is_object() ? json.find("results") : json.end();
        return results != json.end() && results->is_array() && json.contains("count") &&
               json.contains("manifest");
    } catch (const std::exception&) {
        return false;
    }
}

BatchSummary merge_summaries(const std::vector<std::string>& paths) {
    std::map<int, std::string> shards;
    BatchSummary whole;
    BatchSummary first;
    for (const std::string& path : paths) {
        BatchSummary part = read_summary(path);
        if (shards.empty()) {
            first = {.count = part.count,
                     .manifest = part.manifest,
                     .dry_run = part.dry_run,
                     .shard = part.shard};
        }
        check_parts(path, part, paths.front(), first);
        const int number = shard_of(part).number;
        if (const auto [twin, is_new] = shards.emplace(number, path); !is_new) {
            fail(path, "it is of the same shard as " + display_path(twin->second));
        }
        add_part(whole, std::move(part));
    }
    refuse_missing(shards, shard_of(first).count);
    whole.count = first.count;
    whole.manifest = first.manifest;
    whole.dry_run = first.dry_run;
    std::ranges::stable_sort(whole.results, {}, &ItemResult::index);
    return whole;
}

}  // namespace editprep::tools::generate_batch_media
