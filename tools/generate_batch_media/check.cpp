#include "tools/generate_batch_media/check.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "editprep/imaging/image_file.hpp"
#include "tools/generate_batch_media/commands.hpp"
#include "tools/generate_batch_media/failure_reason.hpp"
#include "tools/remote/fal_access.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/new_file.hpp"
#include "tools/shared/scratch_folder.hpp"
#include "tools/shared/words.hpp"
#include "tools/workflow/source_picture.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::array kFolderOptions{"--mask-dir", "--work-dir"};

bool writes_before_sending(const BatchCommand& command) {
    return std::ranges::any_of(
        kFolderOptions, [&command](const char* name) { return command.option(name) != nullptr; });
}

/// Options for files that are written before a dry run ends; the last one given counts.
Words scratch_words(const BatchCommand& command, const Words& words, const ScratchFolder& scratch) {
    Words further;
    for (const char* folder : kFolderOptions) {
        if (command.option(folder) != nullptr) {
            further.insert(further.end(), {folder, scratch.path().string()});
        }
    }
    const auto mask = std::ranges::find(words, "--mask-out");
    if (mask != words.end() && mask + 1 != words.end()) {
        const std::string name = fs::path(*(mask + 1)).filename();
        further.insert(further.end(), {"--mask-out", (scratch.path() / ("new_" + name)).string()});
    }
    return further;
}

/// The program's end as the item's error, without streams of its own.
class Rehearsal {
public:
    Rehearsal(const BatchCommand& command, const Context& context)
        : command_(command), context_(context) {}

    /// False when it failed; then the item has an error.
    [[nodiscard]] bool run(const Command& what, const Words& words, CheckedItem& checked) {
        Context inner{context_.environment, [this](std::string_view text) { out_ += text; },
                      [this](std::string_view text) { err_ += text; }, /*interactive=*/false};
        const int exit_code = run_command(what, words, inner, command_.describe_error);
        if (exit_code == kDone) {
            return true;
        }
        checked.item.error = reason_in(err_, exit_code);
        if (checked.item.error.empty()) {
            checked.item.error = "it cannot be run (exit code " + std::to_string(exit_code) + ')';
        }
        return false;
    }

    [[nodiscard]] const std::string& out() const noexcept { return out_; }

    /// What the command warned of, as warnings of the item.
    /// @param scratch a folder whose files nobody knows; empty for none
    void hand_over_warnings(const std::string& scratch, BatchItem& item) const {
        constexpr std::string_view kPrefix = "WARN: ";
        std::istringstream lines(err_);
        for (std::string line; std::getline(lines, line);) {
            const bool is_known = scratch.empty() || line.find(scratch) == std::string::npos;
            if (line.starts_with(kPrefix) && is_known) {
                item.warnings.push_back(line.substr(kPrefix.size()));
            }
        }
    }

private:
    const BatchCommand& command_;
    const Context& context_;
    std::string out_;
    std::string err_;
};

void look_at(const LocalWork& work) {
    check_prefix(work.prefix);
    std::optional<imaging::Size> first;
    for (const std::string& picture : work.pictures) {
        require_existing(picture, "image");
        const imaging::Size size = imaging::probe_image(picture).size;
        first = first.value_or(size);
    }
    if (work.check && first) {
        work.check(*first);
    }
}

std::string text_at(const Json& json, const char* key) {
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string model_in(const Json& request, const Environment& environment) {
    const std::string url = text_at(request, "url");
    const std::string queue = fal_endpoints(environment).queue_url + '/';
    if (const std::string model = text_at(request, "model"); !model.empty()) {
        return model;
    }
    if (text_at(request, "provider") == "fal" && url.starts_with(queue)) {
        return url.substr(queue.size());
    }
    return request.contains("body") ? text_at(request["body"], "model") : "";
}

void take_over(const std::string& dry_run, const Environment& environment, CheckedItem& checked) {
    try {
        const Json request = read_json(dry_run);
        checked.provider = text_at(request, "provider");
        checked.model = model_in(request, environment);
        checked.cost_basis = text_at(request, "cost_basis");
        if (request.contains("cost_usd") && request["cost_usd"].is_number()) {
            checked.cost_usd = request["cost_usd"].get<double>();
        }
    } catch (const std::invalid_argument&) {
        checked.item.error = "its dry run printed no JSON";
    }
}

void check_paid(const BatchCommand& command, const Context& context, CheckedItem& checked) {
    checked.paid = true;
    Words words = checked.item.words;
    std::optional<ScratchFolder> scratch;
    if (writes_before_sending(command)) {
        scratch.emplace("editprep-check");
        const Words further = scratch_words(command, words, *scratch);
        words.insert(words.end(), further.begin(), further.end());
    }
    words.emplace_back("--dry-run");
    Rehearsal rehearsal(command, context);
    if (rehearsal.run(command.run, words, checked)) {
        take_over(rehearsal.out(), context.environment, checked);
        rehearsal.hand_over_warnings(scratch ? scratch->path().string() : "", checked.item);
    }
}

}  // namespace

CheckedItem check_item(BatchItem item, const Context& context) {
    CheckedItem checked{.item = std::move(item)};
    const BatchCommand* command = find_command(checked.item.command);
    if (!checked.ok() || command == nullptr) {
        return checked;
    }
    try {
        std::optional<LocalWork> work;
        const Command look = [&](const Words& words, const Context& inner) {
            work = command->local_work(words, inner.environment);
            if (work) {
                look_at(*work);
            }
        };
        const bool fine = Rehearsal(*command, context).run(look, checked.item.words, checked);
        if (work) {
            checked.provider = work->provider;
            checked.cost_usd = 0;
            checked.cost_basis = "local work";
            checked.output = work->output;
        } else if (fine) {
            check_paid(*command, context, checked);
        }
    } catch (const std::exception& error) {
        checked.item.error = error.what();
    }
    return checked;
}

}  // namespace editprep::tools::generate_batch_media
