#include "tools/generate_video/fal_check.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "tools/clips/clip_check.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/workflow/file_check.hpp"

namespace editprep::tools::generate_video {
namespace {

using Json = nlohmann::ordered_json;
using transport::Model;
using transport::PromptToken;

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::size_t count_in(const Json& values, const std::string& field) {
    const auto value = values.find(field);
    if (value == values.end() || value->is_null()) {
        return 0;
    }
    return value->is_array() ? value->size() : 1;
}

/// `@Image1` is not in `@Image12`.
bool mentions(std::string_view prompt, const std::string& token) {
    for (std::size_t i = prompt.find(token); i != std::string_view::npos;
         i = prompt.find(token, i + 1)) {
        const std::size_t end = i + token.size();
        if (end == prompt.size() || !is_digit(prompt[end])) {
            return true;
        }
    }
    return false;
}

std::string prompt_in(const Json& values) {
    const auto prompt = values.find("prompt");
    return prompt != values.end() && prompt->is_string() ? prompt->get<std::string>() : "";
}

/// What a model's notes say is either checked here or plain from the options.
bool is_note_of_model(const std::string& warning) { return warning.starts_with("Note: "); }

/// Words that any of the models knows, in the prompt of one that does not.
void warn_of_unknown_tokens(const Model& model, const std::string& prompt,
                            std::vector<std::string>& warnings) {
    for (const char* word : {"@Video", "@Image", "@Element", "@Audio"}) {
        const bool known = std::ranges::any_of(
            model.prompt_tokens, [&](const PromptToken& token) { return token.token == word; });
        if (!known && mentions(prompt, word + std::string("1"))) {
            warnings.push_back("the prompt says " + std::string(word) + "1, which is no word of " +
                               model.id);
        }
    }
}

}  // namespace

std::vector<std::string> prompt_warnings(const Model& model, const Json& values) {
    std::vector<std::string> warnings;
    if (model.prompt_tokens.empty()) {
        return warnings;
    }
    const std::string prompt = prompt_in(values);
    for (const PromptToken& token : model.prompt_tokens) {
        const std::size_t count = count_in(values, token.field);
        for (std::size_t number = 1; number <= count; ++number) {
            const std::string name = token.token + std::to_string(number);
            if (!mentions(prompt, name)) {
                warnings.push_back("the prompt never mentions " + name + ", which is attached (" +
                                   token.field + ")");
            }
        }
    }
    warn_of_unknown_tokens(model, prompt, warnings);
    return warnings;
}

void check_fal_input(const FalInput& input, const Model& schema, const VideoPlan& plan) {
    const Model* judge = plan.known == nullptr ? nullptr : &schema;
    transport::Validation found =
        transport::validate_input(judge, plan.model, input.json_to_validate(&schema));
    check_clips(input, &schema, found);
    check_files(input, &schema, found.errors);
    for (std::string& warning : prompt_warnings(schema, input.values())) {
        found.warnings.push_back(std::move(warning));
    }
    std::erase_if(found.warnings, is_note_of_model);
    for (const std::string& warning : found.warnings) {
        plan.story.warn(warning);
    }
    for (const std::string& clip : plan.options.videos) {
        if (is_url(clip)) {
            plan.story.note("a clip that is a URL is not held against the model's limits");
        }
    }
    if (found.errors.empty()) {
        return;
    }
    std::string reasons;
    for (const std::string& error : found.errors) {
        reasons += (reasons.empty() ? "" : "; ") + error;
    }
    throw Failure("the request does not fit " + plan.model + ": " + reasons +
                  "; --skip-validation sends it all the same");
}

std::optional<transport::PriceEstimate> price_of(const Model* known, const FalInput& input) {
    if (known == nullptr || !known->price || !known->price->usd) {
        return std::nullopt;
    }
    const transport::ModelPrice& price = *known->price;
    if (auto told = transport::estimate_price(*known, one_line_json(input.values()))) {
        return told;
    }
    const transport::ModelField* clips = clip_field(*known);
    if (price.unit != "second" || !price.quantity_field.empty() || !price.factor_field.empty() ||
        clips == nullptr) {
        return std::nullopt;
    }
    std::chrono::duration<double> length{0};
    std::size_t looked_at = 0;
    input.visit_local_files(known,
                            [&](const transport::ModelField& field, const std::string& path) {
                                if (field.name == clips->name) {
                                    const auto duration = check_clip(path, {}).info.duration;
                                    length += duration.value_or(std::chrono::microseconds(0));
                                    looked_at += duration ? 1U : 0U;
                                }
                            });
    if (looked_at == 0 || looked_at != count_in(input.values(), clips->name)) {
        return std::nullopt;
    }
    return transport::PriceEstimate{.usd = length.count() * *price.usd,
                                    .units = length.count(),
                                    .unit = price.unit,
                                    .basis = price.source + ", read " + price.date};
}

}  // namespace editprep::tools::generate_video
