#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "tools/fal_client/model_input.hpp"
#include "tools/fal_client/subcommands.hpp"
#include "tools/remote/fal_price.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools::fal_client {
namespace {

using transport::Model;
using transport::ModelField;

template <class Fields>
std::string names_of(const Fields& fields, bool (*wanted)(const ModelField&)) {
    std::string names;
    for (const ModelField& field : fields) {
        if (wanted(field)) {
            names += (names.empty() ? "" : ", ") + field.name;
        }
    }
    return names;
}

bool is_required(const ModelField& field) { return field.required; }

bool is_file(const ModelField& field) { return field.file != transport::FileKind::none; }

std::string listing_of(const Model& model) {
    const std::string files = names_of(model.fields, is_file);
    return '\n' + model.id + "\n  Required: " + names_of(model.fields, is_required) + '\n' +
           (files.empty() ? "" : "  File inputs: " + files + '\n');
}

void print_ids(Session& session) {
    std::string text = "\nAvailable models:\n";
    for (const Model& model : session.models().models()) {
        text += "  - " + model.id + '\n';
    }
    session.context().out(text);
}

void check_category(const std::string& category, const transport::ModelRegistry& models,
                    const CommandLine& line) {
    std::set<std::string> known;
    for (const Model& model : models.models()) {
        known.insert(model.category);
    }
    if (category.empty() || known.contains(category)) {
        return;
    }
    throw line.spell_out()(invalid_choice("--category", category, {known.begin(), known.end()}));
}

void warn_of_unknown(Session& session, const std::string& id) {
    const std::string nearest = session.models().nearest_id(id);
    session.story().warn("no schema is known for " + id +
                         (nearest.empty() ? "" : "; did you mean " + nearest + '?'));
}

std::string why_unpriced(const std::string& id, const Model* model, const std::string& input,
                         bool online) {
    const std::string price = "the price of " + id;
    const bool is_listed = model != nullptr && model->price && (model->price->usd || online);
    const auto lacks = is_listed ? transport::unpriced_field(*model, input) : std::nullopt;
    if (lacks) {
        const bool is_sent = model->open_schema || model->field(lacks->name) != nullptr;
        return price + " cannot be told from the input's " + lacks->name + "; give one" +
               (is_sent ? "" : ", for the estimate alone") + ", such as '" + lacks->example + '\'';
    }
    if (is_listed && !online) {
        return price + " is " + nlohmann::json(*model->price->usd).dump() +
               " US dollars for each " + model->price->unit +
               ", and the input does not tell how many there will be";
    }
    return price + " is not known" + (online ? "" : "; ask fal's price list with --online");
}

}  // namespace

void models(const Words& words, Session& session) {
    std::string category;
    CommandLine line("fal_client models", "Lists the models that are known, with what they need.");
    line.text("--category", category,
              {.help = "Only those of one: image, edit, inpaint, outpaint, upscale, cutout, video, "
                       "audio",
               .placeholder = "NAME"});
    session.parse(line, words, [] { return true; });
    check_category(category, session.models(), line);
    std::string text = "Available models with schemas:\n";
    for (const Model& model : session.models().models()) {
        if (category.empty() || model.category == category) {
            text += listing_of(model);
        }
    }
    session.context().out(text);
}

void model_info(const Words& words, Session& session) {
    std::optional<std::string> id;
    CommandLine line("fal_client model-info",
                     "Prints what a model accepts; without a model, which ones are known.");
    line.positional("MODEL", id, "A model's id", Need::optional);
    session.parse(line, words, [] { return true; });
    if (!id) {
        session.context().out("Usage" + line.usage().substr(5));
        print_ids(session);
        return;
    }
    const Model* known = session.models().find(*id);
    if (known == nullptr) {
        warn_of_unknown(session, *id);
        Model unknown;
        unknown.id = *id;
        session.print(transport::describe_model(unknown));
        return;
    }
    session.print(transport::describe_model(*known));
}

void estimate(const Words& words, Session& session) {
    std::optional<std::string> id;
    std::optional<std::string> json;
    bool online = false;
    CommandLine line("fal_client estimate",
                     "Prints what a call would cost, from the registry: a price that was read on "
                     "some day, not an offer.");
    line.positional("MODEL", id, "A model's id");
    line.positional("JSON", json, "The input: text, @FILE or - (default: {})", Need::optional);
    line.flag("--online", online, {.help = "Ask fal's price list; needs a key"});
    session.parse(line, words, [&] { return id.has_value(); });

    const std::string input = read_input(json.value_or("{}")).values().dump();
    const Model* model = session.models().find(*id);
    const auto price =
        online ? online_price(session.fal(), *id, model, input) : offline_price(model, input);
    nlohmann::ordered_json answer{{"model_id", *id}, {"usd", nullptr}};
    if (price) {
        answer["usd"] = price->usd;
        answer["units"] = price->units;
        answer["unit"] = price->unit;
        answer["basis"] = price->basis;
    }
    session.print(answer.dump());
    if (!price) {
        throw Failure(why_unpriced(*id, model, input, online));
    }
}

}  // namespace editprep::tools::fal_client
