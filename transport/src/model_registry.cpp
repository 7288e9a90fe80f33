#include "editprep/transport/model_registry.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "built_in_models.hpp"
#include "config_file.hpp"
#include "editprep/transport/error.hpp"
#include "json5.hpp"
#include "model_descriptor.hpp"
#include "model_value.hpp"

namespace editprep::transport {
namespace {

using Json = nlohmann::ordered_json;

/// Listed first, as the older client did (contract, section 16.4).
constexpr std::array<std::string_view, 4> kFirstIds{
    "fal-ai/nano-banana-pro", "fal-ai/nano-banana-pro/edit", "fal-ai/flux/dev/image-to-image",
    "fal-ai/kling-video/o3/pro/video-to-video/edit"};

std::ptrdiff_t rank_of(const Model& model) {
    return std::ranges::find(kFirstIds, model.id) - kFirstIds.begin();
}

template <typename Value>
void put_if(Json& object, const char* name, const std::optional<Value>& value) {
    if (value) {
        object[name] = *value;
    }
}

/// A limit as people write it: 200, 10.05.
Json plain_number(double value) {
    const auto whole = static_cast<std::int64_t>(value);
    return static_cast<double>(whole) == value ? Json(whole) : Json(value);
}

std::string seconds_range(const ModelField& field) {
    const auto text = [](const std::optional<double>& value) {
        return value ? plain_number(*value).dump() : std::string();
    };
    return text(field.min_seconds) + "-" + text(field.max_seconds) + "s";
}

/// An entry of `file_fields`, in the words of the contract's section 16.4.
Json file_field(const ModelField& field) {
    Json entry;
    entry["type"] = field.type == FieldType::array ? "array" : "string";
    entry["accepts"] = field.file == FileKind::none ? "object" : std::string(name_of(field.file));
    if (!field.formats.empty()) {
        entry["formats"] = field.formats;
    }
    if (field.max_mb) {
        entry["max_mb"] = plain_number(*field.max_mb);
    }
    put_if(entry, "min_res", field.min_px);
    put_if(entry, "max_res", field.max_px);
    if (field.min_seconds || field.max_seconds) {
        entry["duration"] = seconds_range(field);
    }
    put_if(entry, "max_count", field.max_items);
    if (!field.description.empty()) {
        entry["description"] = field.description;
    }
    return entry;
}

void put_limits(Json& entry, const ModelField& field) {
    const auto put = [&](const char* name, const std::optional<double>& value) {
        if (value) {
            entry[name] = plain_number(*value);
        }
    };
    put("minimum", field.minimum);
    put("maximum", field.maximum);
    put_if(entry, "min_items", field.min_items);
    put_if(entry, "max_items", field.max_items);
    put_if(entry, "max_length", field.max_length);
    put("max_mb", field.max_mb);
    put_if(entry, "min_px", field.min_px);
    put_if(entry, "max_px", field.max_px);
    put_if(entry, "min_pixels", field.min_pixels);
    put_if(entry, "max_pixels", field.max_pixels);
    put("min_seconds", field.min_seconds);
    put("max_seconds", field.max_seconds);
    put("min_fps", field.min_fps);
    put("max_fps", field.max_fps);
    put("min_aspect", field.min_aspect);
    put("max_aspect", field.max_aspect);
    put("min_total_seconds", field.min_total_seconds);
    put("max_total_seconds", field.max_total_seconds);
    put("max_total_mb", field.max_total_mb);
}

Json fields_of(const std::vector<ModelField>& fields);

Json field_entry(const ModelField& field) {
    Json entry;
    entry["type"] = name_of(field.type);
    if (field.type == FieldType::array) {
        entry["items"] = name_of(field.item_type);
    }
    if (field.required) {
        entry["required"] = true;
    }
    if (!field.default_json.empty()) {
        entry["default"] = Json::parse(field.default_json);
    }
    if (!field.choices.empty()) {
        entry["choices"] = field.choices;
    }
    if (field.file != FileKind::none) {
        entry["file"] = std::string(name_of(field.file));
    }
    if (!field.formats.empty()) {
        entry["formats"] = field.formats;
    }
    put_limits(entry, field);
    if (!field.members.empty()) {
        entry["members"] = fields_of(field.members);
    }
    return entry;
}

Json fields_of(const std::vector<ModelField>& fields) {
    Json entries = Json::object();
    for (const ModelField& field : fields) {
        entries[field.name] = field_entry(field);
    }
    return entries;
}

Json edit_entry(const EditFields& edit) {
    Json entry{{"image", edit.image}};
    if (!edit.mask.empty()) {
        entry["mask"] = edit.mask;
        entry["mask_convention"] = std::string(name_of(edit.mask_convention));
    }
    return entry;
}

Json price_entry(const ModelPrice& price) {
    Json entry{{"unit", price.unit}, {"usd", nullptr}};
    if (price.usd) {
        entry["usd"] = *price.usd;
    }
    if (!price.factors.empty()) {
        entry["factors"] = {{price.factor_field, price.factors}};
    }
    entry["source"] = price.source;
    entry["date"] = price.date;
    return entry;
}

/// What the contract does not ask for.
void put_details(Json& entry, const Model& model) {
    entry["title"] = model.title;
    entry["category"] = model.category;
    entry["fields"] = fields_of(model.fields);
    if (model.edit) {
        entry["edit"] = edit_entry(*model.edit);
    }
    for (const JointLimit& limit : model.joint_limits) {
        entry["joint_limits"].push_back({{"fields", limit.fields}, {"max_items", limit.max_items}});
    }
    for (const RequiredCompany& company : model.required_company) {
        entry["requires_any"].push_back({{"field", company.field}, {"of", company.any_of}});
    }
    if (!model.output.empty()) {
        entry["output"] = model.output;
    }
    if (model.price) {
        entry["price"] = price_entry(*model.price);
    }
    entry["source"] = model.source;
    entry["date"] = model.date;
}

/// The position behind the value that begins at `begin` with a brace.
std::size_t end_of_object(std::string_view json, std::size_t begin) {
    int depth = 0;
    bool in_text = false;
    for (std::size_t i = begin; i < json.size(); ++i) {
        if (in_text && json[i] == '\\') {
            ++i;
        } else if (json[i] == '"') {
            in_text = !in_text;
        } else if (!in_text && json[i] == '{') {
            ++depth;
        } else if (!in_text && json[i] == '}' && --depth == 0) {
            return i + 1;
        }
    }
    return begin;
}

/// A file of ours with one of its descriptors alone: they begin with their id. Empty when it is not
/// in the file, or is made from another one.
std::string with_one_descriptor(std::string_view file, std::string_view id) {
    constexpr std::string_view kList = "\"models\": [";
    const std::size_t list = file.find(kList);
    const std::size_t name = file.find("\"id\": \"" + std::string(id) + '"');
    if (list == std::string_view::npos || name == std::string_view::npos) {
        return {};
    }
    const std::size_t begin = file.rfind('{', name);
    const std::string_view descriptor = file.substr(begin, end_of_object(file, begin) - begin);
    if (descriptor.empty() || descriptor.find("\"like\"") != std::string_view::npos) {
        return {};
    }
    return std::string(file.substr(0, list + kList.size())) + std::string(descriptor) + "]}";
}

}  // namespace

const ModelField* Model::field(std::string_view name) const noexcept {
    const auto found = std::ranges::find(fields, name, &ModelField::name);
    return found == fields.end() ? nullptr : &*found;
}

ModelRegistry ModelRegistry::built_in() {
    // Reading them takes milliseconds, copying a small part of one.
    static const ModelRegistry read_once = [] {
        ModelRegistry registry;
        for (const BuiltInModels& file : built_in_models()) {
            registry.add_text(file.json, std::string(file.file_name));
        }
        std::ranges::stable_sort(registry.models_, {}, rank_of);
        return registry;
    }();
    return read_once;
}

ModelRegistry ModelRegistry::built_in(std::string_view id) {
    for (const BuiltInModels& file : built_in_models()) {
        const std::string one = with_one_descriptor(file.json, id);
        if (!one.empty()) {
            ModelRegistry registry;
            registry.add_text(one, std::string(file.file_name));
            return registry;
        }
    }
    return built_in();
}

void ModelRegistry::add_file(const std::string& path) {
    add_text(read_text_file(path, Json5Limits{}.max_bytes), path);
}

void ModelRegistry::add_text(std::string_view json, const std::string& origin) {
    add_descriptors(models_, json, origin);
}

const Model* ModelRegistry::find(std::string_view id) const noexcept {
    const auto found = std::ranges::find(models_, id, &Model::id);
    return found == models_.end() ? nullptr : &*found;
}

std::string ModelRegistry::nearest_id(std::string_view id) const {
    std::vector<std::string> ids;
    std::ranges::transform(models_, std::back_inserter(ids), &Model::id);
    return nearest_word(id, ids);
}

std::string describe_model(const Model& model) {
    Json required = Json::array();
    Json optional = Json::array();
    Json files = Json::object();
    for (const ModelField& field : model.fields) {
        (field.required ? required : optional).push_back(field.name);
        if (field.holds_files()) {
            files[field.name] = file_field(field);
        }
    }
    Json entry{{"model_id", model.id},
               {"required", required},
               {"optional", optional},
               {"file_fields", files},
               {"notes", model.notes}};
    if (!model.fields.empty()) {
        put_details(entry, model);
    }
    return entry.dump();
}

}  // namespace editprep::transport
