#include "model_descriptor.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "ascii.hpp"
#include "editprep/transport/error.hpp"
#include "json5.hpp"
#include "model_value.hpp"

namespace editprep::transport {
namespace {

using Json = nlohmann::ordered_json;

/// Where in a descriptor file something stands, for messages.
class Place {
public:
    explicit Place(std::string origin) : text_(std::move(origin)), origin_(text_) {}

    [[nodiscard]] Place inside(const std::string& step) const {
        Place place = *this;
        place.text_ += ": " + step;
        return place;
    }

    [[noreturn]] void refuse(const std::string& what) const {
        throw Error(Errc::invalid_model, text_ + ": " + what, origin_,
                    "The form is described in transport/models/README.md");
    }

private:
    std::string text_;
    std::string origin_;
};

/// The members of an object, each of which must be asked for.
class Members {
public:
    Members(const Json& value, Place place) : place_(std::move(place)), value_(value) {
        if (!value.is_object()) {
            place_.refuse("expected an object");
        }
    }

    /// Null when absent.
    const Json* take(const std::string& name) {
        known_.push_back(name);
        const auto found = value_.find(name);
        return found == value_.end() ? nullptr : &*found;
    }

    [[nodiscard]] Place at(const std::string& name) const { return place_.inside(name); }

    std::string text(const std::string& name, std::string otherwise = {}) {
        const Json* value = take(name);
        if (value == nullptr) {
            return otherwise;
        }
        if (!value->is_string() || value->get_ref<const std::string&>().empty()) {
            at(name).refuse("expected text that is not empty");
        }
        return value->get<std::string>();
    }

    std::string required_text(const std::string& name, std::string otherwise = {}) {
        std::string value = text(name, std::move(otherwise));
        if (value.empty()) {
            at(name).refuse("is missing");
        }
        return value;
    }

    std::string word(const std::string& name, std::span<const std::string> words,
                     const std::string& otherwise) {
        std::string value = text(name, otherwise);
        if (std::ranges::find(words, value) == words.end()) {
            const std::string nearest = nearest_word(value, words);
            at(name).refuse("unknown word \"" + value + "\"" +
                            (nearest.empty() ? "" : ", did you mean " + nearest + "?"));
        }
        return value;
    }

    bool flag(const std::string& name, bool otherwise = false) {
        const Json* value = take(name);
        if (value != nullptr && !value->is_boolean()) {
            at(name).refuse("expected true or false");
        }
        return value == nullptr ? otherwise : value->get<bool>();
    }

    std::optional<double> number(const std::string& name) {
        const Json* value = take(name);
        if (value == nullptr) {
            return std::nullopt;
        }
        if (!value->is_number()) {
            at(name).refuse("expected a number");
        }
        return value->get<double>();
    }

    template <typename Integer>
    std::optional<Integer> count(const std::string& name) {
        constexpr double kLargest = 1'000'000'000;
        const auto value = number(name);
        if (!value) {
            return std::nullopt;
        }
        if (*value < 0 || *value > kLargest || std::floor(*value) != *value) {
            at(name).refuse("expected a whole number that is not negative");
        }
        return static_cast<Integer>(*value);
    }

    std::vector<std::string> words(const std::string& name) {
        std::vector<std::string> texts;
        const Json* value = take(name);
        if (value == nullptr) {
            return texts;
        }
        if (!value->is_array()) {
            at(name).refuse("expected a list of texts");
        }
        for (const Json& item : *value) {
            if (!item.is_string()) {
                at(name).refuse("expected a list of texts");
            }
            texts.push_back(item.get<std::string>());
        }
        return texts;
    }

    /// Refuses what was not asked for.
    void finish() const {
        for (const auto& [name, value] : value_.items()) {
            if (std::ranges::find(known_, name) == known_.end()) {
                const std::string nearest = nearest_word(name, known_);
                place_.refuse("unknown member " + name +
                              (nearest.empty() ? "" : ", did you mean " + nearest + "?"));
            }
        }
    }

private:
    Place place_;
    const Json& value_;
    std::vector<std::string> known_;
};

template <typename Value>
void check_order(const std::optional<Value>& least, const std::optional<Value>& most,
                 const Place& place, const std::string& what) {
    if (least && most && *least > *most) {
        place.refuse("the least " + what + " is above the largest");
    }
}

class FieldReader {
public:
    FieldReader(const Json& value, const std::string& name, const Place& place)
        : place_(place), members_(value, place) {
        field_.name = name;
    }

    ModelField read() {
        read_type();
        field_.required = members_.flag("required");
        field_.description = members_.text("description");
        field_.choices = members_.words("choices");
        field_.minimum = members_.number("minimum");
        field_.maximum = members_.number("maximum");
        field_.min_items = members_.count<std::size_t>("min_items");
        field_.max_items = members_.count<std::size_t>("max_items");
        field_.max_length = members_.count<std::size_t>("max_length");
        read_file_limits();
        read_members();
        read_default();
        members_.finish();
        check();
        return std::move(field_);
    }

private:
    void read_type() {
        field_.type = field_type_of(members_.word("type", field_type_names(), "string"));
        if (field_.type == FieldType::array) {
            field_.item_type = field_type_of(members_.word("items", field_type_names(), "string"));
        }
    }

    void read_file_limits() {
        static const std::array<std::string, 4> kKinds{"none", "image", "video", "audio"};
        const std::string kind = members_.word("file", kKinds, "none");
        field_.file = static_cast<FileKind>(std::ranges::find(kKinds, kind) - kKinds.begin());
        field_.formats = members_.words("formats");
        field_.max_mb = members_.number("max_mb");
        field_.min_px = members_.count<int>("min_px");
        field_.max_px = members_.count<int>("max_px");
        field_.min_pixels = members_.count<std::int64_t>("min_pixels");
        field_.max_pixels = members_.count<std::int64_t>("max_pixels");
        field_.min_seconds = members_.number("min_seconds");
        field_.max_seconds = members_.number("max_seconds");
        field_.min_fps = members_.number("min_fps");
        field_.max_fps = members_.number("max_fps");
        field_.min_aspect = members_.number("min_aspect");
        field_.max_aspect = members_.number("max_aspect");
        field_.min_total_seconds = members_.number("min_total_seconds");
        field_.max_total_seconds = members_.number("max_total_seconds");
        field_.max_total_mb = members_.number("max_total_mb");
    }

    void read_members() {
        const Json* members = members_.take("members");
        if (members == nullptr) {
            return;
        }
        if (!members->is_object()) {
            members_.at("members").refuse("expected an object");
        }
        for (const auto& [name, value] : members->items()) {
            field_.members.push_back(
                FieldReader(value, name, members_.at("members").inside(name)).read());
        }
    }

    void read_default() {
        if (const Json* value = members_.take("default")) {
            field_.default_json = value->dump();
        }
    }

    void check() const {
        check_order(field_.minimum, field_.maximum, place_, "value");
        check_order(field_.min_items, field_.max_items, place_, "count");
        check_order(field_.min_px, field_.max_px, place_, "size");
        check_order(field_.min_pixels, field_.max_pixels, place_, "number of pixels");
        check_order(field_.min_seconds, field_.max_seconds, place_, "duration");
        check_order(field_.min_fps, field_.max_fps, place_, "frame rate");
        check_order(field_.min_aspect, field_.max_aspect, place_, "aspect ratio");
        check_order(field_.min_total_seconds, field_.max_total_seconds, place_, "total duration");
        const bool of_all =
            field_.min_total_seconds || field_.max_total_seconds || field_.max_total_mb;
        if (of_all && field_.type != FieldType::array) {
            place_.refuse("only lists have limits of all files together");
        }
        const bool holds_objects =
            field_.type == FieldType::object ||
            (field_.type == FieldType::array && field_.item_type == FieldType::object);
        if (!field_.members.empty() && !holds_objects) {
            place_.refuse("only objects have members");
        }
        if (std::ranges::any_of(field_.formats,
                                [](const std::string& format) { return format[0] != '.'; })) {
            members_.at("formats").refuse("expected endings with their dots");
        }
        if (!field_.default_json.empty()) {
            const auto value = nlohmann::json::parse(field_.default_json);
            if (const auto faults = value_faults(field_, value, field_.name); !faults.empty()) {
                members_.at("default").refuse(faults.front());
            }
        }
    }

    Place place_;
    Members members_;
    ModelField field_;
};

/// The file's own source and date, which hold where a model names none.
struct Origin {
    std::string source;
    std::string date;
};

bool is_date(std::string_view text) {
    constexpr std::string_view kForm = "dddd-dd-dd";
    return std::ranges::equal(
        text, kForm, [](char c, char form) { return form == 'd' ? is_digit(c) : c == form; });
}

/// What a descriptor may build upon: what was known before its file, and what stands above it
/// there.
struct EarlierModels {
    const std::vector<Model>& known;
    const std::vector<Model>& added;

    [[nodiscard]] const Model* find(const std::string& id) const {
        for (const std::vector<Model>* models : {&added, &known}) {
            if (const auto found = std::ranges::find(*models, id, &Model::id);
                found != models->end()) {
                return &*found;
            }
        }
        return nullptr;
    }
};

/// The words that are two positive whole numbers with `between` in the middle.
std::vector<PixelSize> sizes_among(const std::vector<std::string>& words, char between) {
    std::vector<PixelSize> sizes;
    for (const std::string& word : words) {
        PixelSize size;
        const char* const end = word.data() + word.size();
        const auto first = std::from_chars(word.data(), end, size.width);
        if (first.ec != std::errc() || first.ptr == end || *first.ptr != between) {
            continue;
        }
        const auto second = std::from_chars(first.ptr + 1, end, size.height);
        if (second.ec == std::errc() && second.ptr == end && size.width > 0 && size.height > 0) {
            sizes.push_back(size);
        }
    }
    return sizes;
}

class ModelReader {
public:
    ModelReader(const Json& value, const Place& file, Origin origin, EarlierModels earlier)
        : file_(file),
          origin_(std::move(origin)),
          earlier_(earlier),
          id_(id_in(value)),
          place_(file.inside(id_)),
          members_(value, place_) {}

    Model read() {
        static_cast<void>(members_.take("id"));
        copy_like();
        model_.id = id_;
        model_.title = members_.text("title", model_.title.empty() ? id_ : model_.title);
        static const std::array<std::string, 2> kProviders{"fal", "openai"};
        model_.provider = members_.word("provider", kProviders, model_.provider);
        static const std::array<std::string, 8> kCategories{
            "image", "edit", "inpaint", "outpaint", "upscale", "cutout", "video", "audio"};
        model_.category = members_.word("category", kCategories, model_.category);
        model_.open_schema = members_.flag("open_schema", model_.open_schema);
        const bool like = !model_.source.empty();
        model_.source = members_.required_text("source", like ? model_.source : origin_.source);
        model_.date = members_.required_text("date", like ? model_.date : origin_.date);
        check_date(model_.date, "date");
        read_fields();
        read_joint_limits();
        read_required_company();
        read_prompt_tokens();
        read_edit();
        read_preferred_size();
        read_lists();
        read_price();
        members_.finish();
        check_references();
        resolve_preferred_size();
        return std::move(model_);
    }

private:
    std::string id_in(const Json& value) const {
        const auto id = value.is_object() ? value.find("id") : value.end();
        if (!value.is_object() || id == value.end() || !id->is_string()) {
            file_.refuse("a model without an id");
        }
        const auto& text = id->get_ref<const std::string&>();
        const bool plain = std::ranges::none_of(text, [](char c) {
            return is_control(c) || c == ' ' || c == '?' || c == '#' || c == '%';
        });
        if (text.empty() || !plain || text.front() == '/' || text.find("..") != std::string::npos) {
            file_.refuse("a model's id is no path: \"" + text + "\"");
        }
        return text;
    }

    void check_date(const std::string& date, const std::string& member) const {
        if (!is_date(date)) {
            members_.at(member).refuse("expected a date as YYYY-MM-DD");
        }
    }

    /// `like` names an earlier model, all of which holds unless it is said otherwise.
    void copy_like() {
        const std::string id = members_.text("like");
        if (id.empty()) {
            return;
        }
        const Model* found = earlier_.find(id);
        if (found == nullptr) {
            members_.at("like").refuse("no earlier model has the id " + id);
        }
        model_ = *found;
        model_.title.clear();
    }

    void read_fields() {
        const Json* fields = members_.take("fields");
        if (fields == nullptr) {
            return;
        }
        const Place place = members_.at("fields");
        if (!fields->is_object()) {
            place.refuse("expected an object");
        }
        for (const auto& [name, value] : fields->items()) {
            const auto known = std::ranges::find(model_.fields, name, &ModelField::name);
            if (value.is_null() && known != model_.fields.end()) {
                model_.fields.erase(known);
                continue;
            }
            ModelField field = FieldReader(value, name, place.inside(name)).read();
            if (known != model_.fields.end()) {
                *known = std::move(field);
            } else {
                model_.fields.push_back(std::move(field));
            }
        }
    }

    /// Names of fields that stand elsewhere; a field may also have been taken out after `like`.
    void check_references() const {
        const auto check = [this](const std::string& name, const char* member) {
            if (!name.empty() && model_.field(name) == nullptr) {
                members_.at(member).refuse("there is no field " + name);
            }
        };
        for (const JointLimit& limit : model_.joint_limits) {
            for (const std::string& name : limit.fields) {
                check(name, "joint_limits");
                if (model_.field(name)->type != FieldType::array) {
                    members_.at("joint_limits").refuse(name + " is no list");
                }
            }
        }
        for (const RequiredCompany& company : model_.required_company) {
            check(company.field, "requires_any");
            for (const std::string& name : company.any_of) {
                check(name, "requires_any");
            }
        }
        for (const PromptToken& token : model_.prompt_tokens) {
            check(token.field, "prompt_tokens");
        }
        if (model_.edit) {
            check(model_.edit->image, "edit");
            check(model_.edit->mask, "edit");
        }
        if (model_.preferred_size) {
            check(model_.preferred_size->field, "preferred_size");
            check(model_.preferred_size->aspect_field, "preferred_size");
        }
        if (model_.price) {
            check(model_.price->quantity_field, "price");
            check(model_.price->factor_field, "price");
        }
    }

    template <typename Read>
    void for_each_in(const std::string& name, Read read) {
        const Json* list = members_.take(name);
        if (list == nullptr) {
            return;
        }
        if (!list->is_array()) {
            members_.at(name).refuse("expected a list");
        }
        for (const Json& item : *list) {
            Members members(item, members_.at(name));
            read(members);
            members.finish();
        }
    }

    void read_joint_limits() {
        if (members_.take("joint_limits") != nullptr) {
            model_.joint_limits.clear();
        }
        for_each_in("joint_limits", [this](Members& members) {
            JointLimit limit;
            limit.fields = members.words("fields");
            limit.max_items = members.count<std::size_t>("max_items").value_or(0);
            if (limit.fields.size() < 2 || limit.max_items == 0) {
                members_.at("joint_limits").refuse("expected two fields and max_items");
            }
            model_.joint_limits.push_back(std::move(limit));
        });
    }

    void read_required_company() {
        if (members_.take("requires_any") != nullptr) {
            model_.required_company.clear();
        }
        for_each_in("requires_any", [this](Members& members) {
            RequiredCompany company{members.required_text("field"), members.words("of")};
            if (company.any_of.empty()) {
                members_.at("requires_any").refuse("expected a field and what it needs one of");
            }
            model_.required_company.push_back(std::move(company));
        });
    }

    void read_prompt_tokens() {
        if (members_.take("prompt_tokens") != nullptr) {
            model_.prompt_tokens.clear();
        }
        for_each_in("prompt_tokens", [this](Members& members) {
            model_.prompt_tokens.push_back(
                {members.required_text("token"), members.required_text("field")});
        });
    }

    void read_edit() {
        const Json* value = members_.take("edit");
        if (value == nullptr) {
            return;
        }
        if (value->is_null()) {
            model_.edit.reset();
            return;
        }
        Members members(*value, members_.at("edit"));
        EditFields edit;
        edit.image = members.required_text("image");
        edit.mask = members.text("mask");
        static const std::array<std::string, 2> kConventions{
            std::string(name_of(MaskConvention::white_edits)),
            std::string(name_of(MaskConvention::transparent_edits))};
        edit.mask_convention =
            *parse_mask_convention(members.word("mask_convention", kConventions, kConventions[0]));
        members.finish();
        model_.edit = std::move(edit);
    }

    void read_preferred_size() {
        const Json* value = members_.take("preferred_size");
        if (value == nullptr) {
            return;
        }
        if (value->is_null()) {
            model_.preferred_size.reset();
            return;
        }
        const Place place = members_.at("preferred_size");
        Members members(*value, place);
        PreferredSize preferred;
        preferred.field = members.text("field");
        preferred.aspect_field = members.text("aspect_field");
        preferred.pixels = members.count<std::int64_t>("pixels");
        preferred.min_pixels = members.count<std::int64_t>("min_pixels");
        preferred.max_pixels = members.count<std::int64_t>("max_pixels");
        preferred.multiple_of = members.count<int>("multiple_of");
        preferred.min_px = members.count<int>("min_px");
        preferred.max_px = members.count<int>("max_px");
        preferred.min_aspect = members.number("min_aspect");
        preferred.max_aspect = members.number("max_aspect");
        members.finish();
        check_order(preferred.min_px, preferred.max_px, place, "size");
        check_order(preferred.min_pixels, preferred.max_pixels, place, "number of pixels");
        check_order(preferred.min_pixels, preferred.pixels, place, "number of pixels");
        check_order(preferred.pixels, preferred.max_pixels, place, "number of pixels");
        check_order(preferred.min_aspect, preferred.max_aspect, place, "aspect ratio");
        for (const auto& [name, count] : {std::pair{"multiple_of", preferred.multiple_of},
                                          std::pair{"max_px", preferred.max_px}}) {
            if (count == 0) {
                members.at(name).refuse("expected a number above 0");
            }
        }
        for (const auto& [name, aspect] : {std::pair{"min_aspect", preferred.min_aspect},
                                           std::pair{"max_aspect", preferred.max_aspect}}) {
            if (aspect && *aspect <= 0) {
                members.at(name).refuse("expected a number above 0");
            }
        }
        model_.preferred_size = std::move(preferred);
    }

    /// The words stand in the fields, which may have been replaced after `like`.
    void resolve_preferred_size() {
        if (!model_.preferred_size) {
            return;
        }
        PreferredSize& preferred = *model_.preferred_size;
        const auto words_of = [this](const std::string& name, char between, const char* what) {
            const ModelField* field = model_.field(name);
            auto words =
                field == nullptr ? std::vector<PixelSize>{} : sizes_among(field->choices, between);
            if (field != nullptr && field->type == FieldType::text && !field->choices.empty() &&
                words.empty()) {
                members_.at("preferred_size").refuse("the words of " + name + " are no " + what);
            }
            return words;
        };
        preferred.sizes = words_of(preferred.field, 'x', "sizes");
        preferred.aspects = words_of(preferred.aspect_field, ':', "ratios");
    }

    void read_lists() {
        if (members_.take("notes") != nullptr) {
            model_.notes = members_.words("notes");
        }
        if (members_.take("output") != nullptr) {
            model_.output = members_.words("output");
        }
    }

    void read_price() {
        const Json* value = members_.take("price");
        if (value == nullptr) {
            return;
        }
        if (value->is_null()) {
            model_.price.reset();
            return;
        }
        Members members(*value, members_.at("price"));
        static const std::array<std::string, 5> kUnits{"image", "megapixel", "second", "call",
                                                       "character"};
        ModelPrice price;
        price.unit = members.word("unit", kUnits, "");
        price.usd = members.number("usd");
        price.quantity_field = members.text("quantity_field");
        price.factor_field = members.text("factor_field");
        if (const Json* factors = members.take("factors")) {
            read_factors(*factors, members.at("factors"), price);
        }
        if (price.usd.value_or(0) < 0 || (!price.factors.empty() && price.factor_field.empty())) {
            members_.at("price").refuse("a negative price, or factors without their field");
        }
        price.source = members.text("source", model_.source);
        price.date = members.text("date", model_.date);
        check_date(price.date, "price");
        members.finish();
        model_.price = std::move(price);
    }

    static void read_factors(const Json& factors, const Place& place, ModelPrice& price) {
        if (!factors.is_object()) {
            place.refuse("expected an object");
        }
        for (const auto& [word, factor] : factors.items()) {
            if (!factor.is_number() || factor.get<double>() < 0) {
                place.inside(word).refuse("expected a number that is not negative");
            }
            price.factors.emplace(word, factor.get<double>());
        }
    }

    const Place& file_;
    Origin origin_;
    EarlierModels earlier_;
    std::string id_;
    Place place_;
    Members members_;
    Model model_;
};

Json parse(std::string_view json, const Place& place) {
    try {
        return parse_json5(json);
    } catch (const Error& error) {
        place.refuse(error.what());
    }
}

}  // namespace

void add_descriptors(std::vector<Model>& models, std::string_view json, const std::string& origin) {
    const Place place(origin);
    const Json content = parse(json, place);
    Members file(content, place);
    const Origin read{file.text("source"), file.text("date")};
    const Json* list = file.take("models");
    file.finish();
    if (list == nullptr || !list->is_array()) {
        place.inside("models").refuse("expected a list of models");
    }
    std::vector<Model> added;
    std::set<std::string> seen;
    for (const Json& descriptor : *list) {
        Model model = ModelReader(descriptor, place, read, {models, added}).read();
        if (!seen.insert(model.id).second) {
            place.inside(model.id).refuse("described twice");
        }
        added.push_back(std::move(model));
    }
    // Nothing can fail any more: a file is taken whole or not at all.
    models.reserve(models.size() + added.size());
    for (Model& model : added) {
        const auto known = std::ranges::find(models, model.id, &Model::id);
        if (known != models.end()) {
            *known = std::move(model);
        } else {
            models.push_back(std::move(model));
        }
    }
}

}  // namespace editprep::transport
