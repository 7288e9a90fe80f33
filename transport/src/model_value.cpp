#include "model_value.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "joined.hpp"
#include "utf8.hpp"

namespace editprep::transport {
namespace {

using Json = nlohmann::json;

/// A value in an error message: short, and no picture.
std::string shown(const Json& value) {
    constexpr std::size_t kLongest = 40;
    if (value.is_structured()) {
        return value.is_array() ? "a list" : "an object";
    }
    std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (text.size() > kLongest) {
        std::size_t end = kLongest;
        while (end > 0 && !begins_character(text[end])) {
            --end;
        }
        text = text.substr(0, end) + "...";
    }
    return text;
}

bool is_integral(const Json& value) {
    return value.is_number_integer() ||
           (value.is_number_float() && std::floor(value.get<double>()) == value.get<double>());
}

/// A number as people write it: 4, 0.95.
std::string number_text(double value) {
    return std::floor(value) == value && std::abs(value) < 1e15
               ? std::to_string(static_cast<long long>(value))
               : Json(value).dump();
}

class ValueChecker {
public:
    std::vector<std::string> faults() { return std::move(faults_); }

    void check(const ModelField& field, const Json& value, const std::string& label) {
        if (field.type == FieldType::array) {
            check_array(field, value, label);
        } else {
            check_single(field, field.type, value, label);
        }
    }

private:
    void fault(std::string text) { faults_.push_back(std::move(text)); }

    void check_array(const ModelField& field, const Json& value, const std::string& label) {
        if (!value.is_array()) {
            fault(label + " must be an array");
            return;
        }
        if (field.max_items && value.size() > *field.max_items) {
            fault(label + " exceeds max count of " + std::to_string(*field.max_items));
        }
        if (value.empty() && field.holds_files()) {
            fault(label + " is empty");
        } else if (field.min_items && value.size() < *field.min_items) {
            fault(label + " needs at least " + std::to_string(*field.min_items));
        }
        for (std::size_t i = 0; i < value.size(); ++i) {
            check_single(field, field.item_type, value[i], label + "[" + std::to_string(i) + "]");
        }
    }

    void check_single(const ModelField& field, FieldType type, const Json& value,
                      const std::string& label) {
        switch (type) {
            case FieldType::text:
                check_text(field, value, label);
                break;
            case FieldType::integer:
            case FieldType::number:
                check_number(field, type, value, label);
                break;
            case FieldType::boolean:
                if (!value.is_boolean()) {
                    fault(label + " must be true or false");
                }
                break;
            case FieldType::object:
                check_object(field, value, label);
                break;
            case FieldType::array:
                if (!value.is_array()) {
                    fault(label + " must be an array");
                }
                break;
        }
    }

    void check_text(const ModelField& field, const Json& value, const std::string& label) {
        if (!value.is_string()) {
            const bool quotes_missing =
                value.is_number() &&
                std::ranges::find(field.choices, value.dump()) != field.choices.end();
            fault(label + " must be a string" +
                  (quotes_missing ? ", in quotes: \"" + value.dump() + "\"" : ""));
            return;
        }
        const auto& text = value.get_ref<const std::string&>();
        if (!field.choices.empty()) {
            check_choice(field, value, label);
        }
        const auto length = static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
        if (field.max_length && length > *field.max_length) {
            fault(label + " has " + std::to_string(length) + " characters, more than " +
                  std::to_string(*field.max_length));
        }
        if (field.file != FileKind::none) {
            if (std::string what = media_fault(field, text, label); !what.empty()) {
                fault(std::move(what));
            }
        }
    }

    void check_choice(const ModelField& field, const Json& value, const std::string& label) {
        const auto& text = value.get_ref<const std::string&>();
        if (std::ranges::find(field.choices, text) != field.choices.end()) {
            return;
        }
        const std::string nearest = nearest_word(text, field.choices);
        fault(label + " must be one of " + joined(field.choices) + "; not " + shown(value) +
              (nearest.empty() ? "" : " - did you mean " + nearest + "?"));
    }

    void check_number(const ModelField& field, FieldType type, const Json& value,
                      const std::string& label) {
        const bool fits = type == FieldType::integer ? is_integral(value) : value.is_number();
        if (!fits) {
            fault(label +
                  (type == FieldType::integer ? " must be an integer" : " must be a number"));
            return;
        }
        const double number = value.get<double>();
        const bool too_small = field.minimum && number < *field.minimum;
        const bool too_large = field.maximum && number > *field.maximum;
        if (!too_small && !too_large) {
            return;
        }
        std::string range = " must be at " + (too_small ? "least " + number_text(*field.minimum)
                                                        : "most " + number_text(*field.maximum));
        if (field.minimum && field.maximum) {
            range = " must be between " + number_text(*field.minimum) + " and " +
                    number_text(*field.maximum);
        }
        fault(label + range + "; not " + shown(value));
    }

    void check_object(const ModelField& field, const Json& value, const std::string& label) {
        if (value.is_string() && !field.choices.empty()) {
            check_choice(field, value, label);
            return;
        }
        if (!value.is_object()) {
            fault(label + " must be an object" +
                  (field.choices.empty() ? "" : " or one of " + joined(field.choices)));
            return;
        }
        if (field.members.empty()) {
            return;
        }
        for (const ModelField& member : field.members) {
            const auto found = value.find(member.name);
            const std::string inner = label + "." + member.name;
            if (found != value.end() && !found->is_null()) {
                check(member, *found, inner);
            } else if (member.required) {
                fault("Missing required field: " + inner);
            }
        }
        for (const auto& [name, inner] : value.items()) {
            if (std::ranges::find(field.members, name, &ModelField::name) == field.members.end()) {
                fault(unknown_field(label + ".", name, field.members));
            }
        }
    }

    std::vector<std::string> faults_;
};

}  // namespace

bool ModelField::holds_files() const noexcept {
    return file != FileKind::none || std::ranges::any_of(members, &ModelField::holds_files);
}

std::span<const std::string> field_type_names() {
    static const std::array<std::string, 6> names{"string",  "integer", "number",
                                                  "boolean", "object",  "array"};
    return names;
}

FieldType field_type_of(std::string_view name) {
    return static_cast<FieldType>(std::ranges::find(field_type_names(), name) -
                                  field_type_names().begin());
}

const std::string& name_of(FieldType type) {
    return field_type_names()[static_cast<std::size_t>(type)];
}

std::string_view name_of(FileKind kind) noexcept {
    switch (kind) {
        case FileKind::image:
            return "image";
        case FileKind::video:
            return "video";
        case FileKind::audio:
            return "audio";
        case FileKind::none:
            break;
    }
    return {};
}

std::vector<std::string> value_faults(const ModelField& field, const nlohmann::json& value,
                                      const std::string& label) {
    ValueChecker checker;
    checker.check(field, value, label);
    return checker.faults();
}

std::string unknown_field(const std::string& label, const std::string& name,
                          std::span<const ModelField> known) {
    std::vector<std::string> names;
    std::ranges::transform(known, std::back_inserter(names), &ModelField::name);
    const std::string nearest = nearest_word(name, names);
    return "Unknown field: " + label + shown(name) +
           (nearest.empty() ? "" : " - did you mean " + label + nearest + "?");
}

}  // namespace editprep::transport
