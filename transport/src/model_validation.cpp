#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "ascii.hpp"
#include "editprep/transport/error.hpp"
#include "editprep/transport/model_registry.hpp"
#include "joined.hpp"
#include "model_value.hpp"

namespace editprep::transport {
namespace {

// Not ordered_json: there an object with very many members takes time with their square.
using Json = nlohmann::json;

Json parse_object(std::string_view text) {
    Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!value.is_object()) {
        throw Error(Errc::invalid_json, "the input is no JSON object", "input",
                    "Give the model's input as {\"prompt\": \"...\"}");
    }
    return value;
}

bool is_empty(const Json& value) {
    return (value.is_string() && value.get_ref<const std::string&>().empty()) ||
           (value.is_array() && value.empty());
}

/// An input held against a model, in the order of the contract's section 16.5.
class InputChecker {
public:
    InputChecker(const Model& model, const Json& input) : model_(model), input_(input) {}

    Validation check() {
        check_required();
        for (const ModelField& field : model_.fields) {
            if (field.holds_files()) {
                check_value(field);
            }
        }
        for (const ModelField& field : model_.fields) {
            if (!field.holds_files()) {
                check_value(field);
            }
        }
        check_joint_limits();
        check_required_company();
        check_prompt_tokens();
        check_unknown_fields();
        for (const std::string& note : model_.notes) {
            found_.warnings.push_back("Note: " + note);
        }
        return std::move(found_);
    }

private:
    void fault(std::string text) { found_.errors.push_back(std::move(text)); }

    /// The value of a field; null when absent or null.
    [[nodiscard]] const Json* value_of(const std::string& name) const {
        const auto found = input_.find(name);
        return found == input_.end() || found->is_null() ? nullptr : &*found;
    }

    void check_required() {
        for (const ModelField& field : model_.fields) {
            if (!field.required) {
                continue;
            }
            const Json* value = value_of(field.name);
            if (value == nullptr) {
                fault("Missing required field: " + field.name);
            } else if (is_empty(*value)) {
                fault("Empty required field: " + field.name);
            }
        }
    }

    void check_value(const ModelField& field) {
        const Json* value = value_of(field.name);
        const bool told = value != nullptr && field.required && is_empty(*value);
        // An empty list of files is told twice, as the older client did.
        if (value == nullptr || (told && !(field.holds_files() && value->is_array()))) {
            return;
        }
        std::ranges::move(value_faults(field, *value, field.name),
                          std::back_inserter(found_.errors));
    }

    [[nodiscard]] std::size_t count_of(const std::string& name) const {
        const Json* value = value_of(name);
        if (value == nullptr) {
            return 0;
        }
        return value->is_array() ? value->size() : 1;
    }

    void check_joint_limits() {
        for (const JointLimit& limit : model_.joint_limits) {
            std::size_t count = 0;
            std::string names;
            for (const std::string& name : limit.fields) {
                count += count_of(name);
                names += (names.empty() ? "" : " and ") + name;
            }
            if (count > limit.max_items) {
                fault(names + " together exceed max count of " + std::to_string(limit.max_items) +
                      "; there are " + std::to_string(count));
            }
        }
    }

    void check_required_company() {
        for (const RequiredCompany& company : model_.required_company) {
            const auto given = [this](const std::string& name) { return count_of(name) > 0; };
            if (given(company.field) && std::ranges::none_of(company.any_of, given)) {
                fault(company.field + " needs at least one of " + joined(company.any_of));
            }
        }
    }

    /// `@Image3` without a third image is paid for and ignored.
    void check_prompt_tokens() {
        const Json* prompt = value_of("prompt");
        if (prompt == nullptr || !prompt->is_string()) {
            return;
        }
        const std::string_view text = prompt->get_ref<const std::string&>();
        for (const PromptToken& token : model_.prompt_tokens) {
            const std::size_t count = count_of(token.field);
            const std::size_t number = largest_number_behind(text, token.token);
            if (number > count) {
                fault("The prompt mentions " + token.token + std::to_string(number) + ", but " +
                      token.field + " has " + (count == 0 ? "none" : std::to_string(count)));
            }
        }
    }

    static std::size_t largest_number_behind(std::string_view text, std::string_view token) {
        constexpr std::size_t kMost = 999;
        std::size_t largest = 0;
        for (std::size_t i = text.find(token); i != std::string_view::npos;
             i = text.find(token, i + 1)) {
            std::size_t number = 0;
            for (std::size_t k = i + token.size(); k < text.size() && is_digit(text[k]); ++k) {
                number = std::min(number * 10 + static_cast<std::size_t>(text[k] - '0'), kMost);
            }
            largest = std::max(largest, number);
        }
        return largest;
    }

    void check_unknown_fields() {
        for (const auto& [name, value] : input_.items()) {
            if (model_.field(name) != nullptr) {
                continue;
            }
            const std::string text = unknown_field("", name, model_.fields);
            if (!model_.open_schema) {
                fault(text);
            } else if (text.find("did you mean") != std::string::npos) {
                found_.warnings.push_back(text);
            }
        }
    }

    const Model& model_;
    const Json& input_;
    Validation found_;
};

}  // namespace

Validation validate_input(const Model* model, std::string_view model_id,
                          std::string_view input_json) {
    const Json input = parse_object(input_json);
    if (model == nullptr) {
        return {{}, {"No schema found for " + std::string(model_id) + " - skipping validation"}};
    }
    return InputChecker(*model, input).check();
}

}  // namespace editprep::transport
