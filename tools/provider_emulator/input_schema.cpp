#include "tools/provider_emulator/input_schema.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/provider_emulator/model_error.hpp"

namespace editprep::tools::provider_emulator {
namespace {

using transport::FieldType;
using transport::ModelField;

Json below(Json location, const Json& step) {
    location.push_back(step);
    return location;
}

std::size_t characters_in(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

/// `'a', 'b' or 'c'`
std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += i == 0 ? "" : i + 1 == words.size() ? " or " : ", ";
        text += '\'' + words[i] + '\'';
    }
    return text;
}

/// Whole numbers without a point.
Json number(double value) {
    const auto whole = static_cast<std::int64_t>(value);
    return static_cast<double>(whole) == value ? Json(whole) : Json(value);
}

bool is_given(const Json& object, const std::string& name) {
    const auto found = object.find(name);
    return found != object.end() && !found->is_null();
}

/// Collects the mistakes of one input.
class SchemaCheck {
public:
    void check_object(const std::vector<ModelField>& fields, bool open, const Json& object,
                      const Json& location) {
        for (const ModelField& field : fields) {
            if (is_given(object, field.name)) {
                check_value(field, object.at(field.name), below(location, field.name));
            } else if (field.required) {
                add(below(location, field.name), "Field required", "missing");
            }
        }
        for (const auto& [name, value] : object.items()) {
            if (!open && std::ranges::find(fields, name, &ModelField::name) == fields.end()) {
                add(below(location, name), "Extra inputs are not permitted", "extra_forbidden");
            }
        }
    }

    void check_together(const transport::Model& model, const Json& input) {
        for (const transport::JointLimit& limit : model.joint_limits) {
            std::size_t count = 0;
            std::string names;
            for (const std::string& field : limit.fields) {
                count += input.value(field, Json::array()).size();
                names += (names.empty() ? "" : " and ") + field;
            }
            if (count > limit.max_items) {
                add({"body"},
                    "Value error, " + names + " may have at most " +
                        std::to_string(limit.max_items) + " items together, got " +
                        std::to_string(count),
                    "value_error");
            }
        }
    }

    [[nodiscard]] const Json& mistakes() const noexcept { return mistakes_; }

private:
    void add(const Json& location, const std::string& message, const std::string& type,
             const Json& context = Json::object()) {
        mistakes_.push_back(mistake(location, message, type, context));
    }

    void check_value(const ModelField& field, const Json& value, const Json& location) {
        if (field.type == FieldType::array) {
            return check_list(field, value, location);
        }
        check_item(field, field.type, value, location);
    }

    void check_list(const ModelField& field, const Json& value, const Json& location) {
        if (!value.is_array()) {
            return add(location, "Input should be a valid list", "list_type");
        }
        const std::size_t count = value.size();
        if (field.max_items && count > *field.max_items) {
            add(location,
                "List should have at most " + std::to_string(*field.max_items) + " items, not " +
                    std::to_string(count),
                "sequence_too_long", {{"max_length", *field.max_items}});
        }
        if (field.min_items && count < *field.min_items) {
            add(location,
                "List should have at least " + std::to_string(*field.min_items) + " items, not " +
                    std::to_string(count),
                "sequence_too_short", {{"min_length", *field.min_items}});
        }
        for (std::size_t i = 0; i < count; ++i) {
            check_item(field, field.item_type, value[i], below(location, i));
        }
    }

    void check_item(const ModelField& field, FieldType type, const Json& value,
                    const Json& location) {
        switch (type) {
            case FieldType::text:
                return check_text(field, value, location);
            case FieldType::integer:
                return value.is_number_integer()
                           ? check_range(field, value.get<double>(), location)
                           : add(location, "Input should be a valid integer", "int_type");
            case FieldType::number:
                return value.is_number()
                           ? check_range(field, value.get<double>(), location)
                           : add(location, "Input should be a valid number", "float_type");
            case FieldType::boolean:
                return value.is_boolean()
                           ? void()
                           : add(location, "Input should be a valid boolean", "bool_type");
            case FieldType::object:
                return value.is_object()
                           ? check_object(field.members, field.members.empty(), value, location)
                           : add(location, "Input should be a valid dictionary", "dict_type");
            case FieldType::array:
                return;
        }
    }

    void check_text(const ModelField& field, const Json& value, const Json& location) {
        if (!value.is_string()) {
            return add(location, "Input should be a valid string", "string_type");
        }
        const auto& text = value.get_ref<const std::string&>();
        if (!field.choices.empty() &&
            std::ranges::find(field.choices, text) == field.choices.end()) {
            return add(location, "Input should be " + listed(field.choices), "one_of",
                       {{"expected", field.choices}});
        }
        if (field.required && text.empty()) {
            return add(location, "String should have at least 1 character", "string_too_short",
                       {{"min_length", 1}});
        }
        if (field.max_length && characters_in(text) > *field.max_length) {
            add(location,
                "String should have at most " + std::to_string(*field.max_length) + " characters",
                "string_too_long", {{"max_length", *field.max_length}});
        }
    }

    void check_range(const ModelField& field, double value, const Json& location) {
        if (field.minimum && value < *field.minimum) {
            add(location,
                "Input should be greater than or equal to " + number(*field.minimum).dump(),
                "greater_than_equal", {{"ge", number(*field.minimum)}});
        }
        if (field.maximum && value > *field.maximum) {
            add(location, "Input should be less than or equal to " + number(*field.maximum).dump(),
                "less_than_equal", {{"le", number(*field.maximum)}});
        }
    }

    Json mistakes_ = Json::array();
};

}  // namespace

void check_input(const transport::Model& model, const Json& input) {
    SchemaCheck check;
    check.check_object(model.fields, model.open_schema, input, {"body"});
    check.check_together(model, input);
    if (!check.mistakes().empty()) {
        refuse_all(check.mistakes());
    }
}

}  // namespace editprep::tools::provider_emulator
