#include "tools/generate_image/generate_image.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "editprep/transport/model_registry.hpp"
#include "editprep/transport/redaction.hpp"
#include "tools/generate_image/references.hpp"
#include "tools/remote/fal_access.hpp"
#include "tools/remote/model_catalogue.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/new_file.hpp"
#include "tools/shared/number_text.hpp"
#include "tools/shared/output_folders.hpp"
#include "tools/workflow/edit_summary.hpp"
#include "tools/workflow/provider_choice.hpp"
#include "tools/workflow/remote_call.hpp"
#include "tools/workflow/result_files.hpp"

namespace editprep::tools::generate_image {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kCommand = "generate_image";
constexpr const char* kPurpose = "Has a picture made from a prompt.";
constexpr const char* kModelVariable = "OPENCLAW_MEDIA_IMAGE_MODEL";
constexpr const char* kPlaceholderModel = "image-model";
constexpr const char* kFalModel = "fal-ai/flux/dev";
constexpr const char* kFalReferenceModel = "fal-ai/nano-banana-pro/edit";

constexpr Choice<std::optional<bool>> kNsfw[] = {{"true", true}, {"false", false}};

template <class Value>
void add(Json& body, const char* name, const std::optional<Value>& value) {
    if (value) {
        body[name] = *value;
    }
}

Json openai_body(const Options& options, const std::string& model) {
    Json body;
    body["model"] = model;
    body["prompt"] = options.prompt;
    add(body, "size", options.size);
    add(body, "quality", options.quality);
    add(body, "style", options.style);
    add(body, "background", options.background);
    add(body, "n", options.count);
    add(body, "seed", options.seed);
    add(body, "nsfw", options.nsfw);
    return body;
}

/// `WxH` as fal's models take it; every other word as it is.
Json fal_size(const std::string& size) {
    const auto cross = size.find('x');
    if (cross != std::string::npos) {
        const auto width = parse_integer(size.substr(0, cross));
        const auto height = parse_integer(size.substr(cross + 1));
        if (width && height) {
            return {{"width", *width}, {"height", *height}};
        }
    }
    return size;
}

Json fal_input(const Options& options) {
    Json input;
    input["prompt"] = options.prompt;
    if (options.size) {
        input["image_size"] = fal_size(*options.size);
    }
    add(input, "quality", options.quality);
    add(input, "style", options.style);
    add(input, "background", options.background);
    add(input, "num_images", options.count);
    add(input, "seed", options.seed);
    if (options.nsfw) {
        input["enable_safety_checker"] = !*options.nsfw;
    }
    return input;
}

PlannedCall plan(const Options& options, const RemoteProvider& provider, const std::string& model,
                 const transport::Model* known, Json body, const Context& context,
                 const Story& story) {
    const bool has_references = !options.references.files.empty();
    if (has_references && provider.is_fal()) {
        return plan_fal_references(options, std::move(body), *known, context, story);
    }
    if (has_references) {
        return plan_openai_references(options, provider, model, std::move(body), story);
    }
    if (provider.is_fal()) {
        return plan_fal_generation(fal_endpoints(context.environment), model, std::move(body),
                                   known, options.remote, story);
    }
    return plan_openai_generation(provider, model, std::move(body), options.endpoint,
                                  options.remote);
}

/// True when an earlier run saved the answer and its files are still there.
bool show_earlier(const RemoteAnswer& answer, const Story& story, EditSummary& summary) {
    if (!answer.earlier || answer.earlier->state != transport::JobState::saved) {
        return false;
    }
    EarlierFiles files = earlier_files(*answer.earlier, story);
    if (!files.complete || files.results.empty()) {
        return false;
    }
    summary.downloads = std::move(files.results);
    summary.downloaded = summary.downloads.front();
    return true;
}

void collect(const RemoteAnswer& answer, const ResultFolder& folder, RemoteSession& session,
             EditSummary& summary) {
    if (show_earlier(answer, session.story(), summary)) {
        return;
    }
    try {
        save_results(answer, folder, "", session, [&](const ResultFile& file) {
            summary.downloads.push_back(file.path);
            summary.downloaded = summary.downloads.front();
        });
        session.note_saved(answer.job, summary.downloads);
        shorten_response(summary);
    } catch (const std::exception& error) {
        note_failure(summary, error.what(), answer);
    }
}

void print(const EditSummary& summary, const Options& options, const Context& context) {
    context.out(options.print_json ? indented_json_text(generation_json(summary)) + '\n'
                                   : to_lines(summary));
    finish(summary);
}

void add_request_options(CommandLine& line, Options& options) {
    line.section("Picture");
    line.text("--size", options.size,
              {.help = "Size, for example 1024x1024", .placeholder = "TEXT"});
    line.text("--quality", options.quality,
              {.help = "Quality, in the provider's words", .placeholder = "TEXT"});
    line.text("--style", options.style,
              {.help = "Style, in the provider's words", .placeholder = "TEXT"});
    line.text("--background", options.background,
              {.help = "Background, in the provider's words", .placeholder = "TEXT"});
    line.integer("--n", options.count,
                 {.help = "How many pictures; all are saved", .placeholder = "N"});
    line.integer("--seed", options.seed,
                 {.help = "Number that makes a result repeatable", .placeholder = "N"});
    line.choice("--nsfw", options.nsfw, kNsfw,
                {.help = "Whether adult content is allowed, where the provider asks"});
}

void add_provider_options(CommandLine& line, Options& options) {
    line.section("Provider");
    line.text("--provider", options.provider,
              {.help = "Who makes the picture: fal, or an entry of the configuration file",
               .placeholder = "NAME",
               .default_text = "$OPENCLAW_MEDIA_PROVIDER, else the first entry by name, else fal"});
    line.text("--model", options.model,
              {.help = "Model to use",
               .placeholder = "NAME",
               .default_text = "$OPENCLAW_MEDIA_IMAGE_MODEL"});
    line.text("--endpoint", options.endpoint,
              {.help = "Path of an OpenAI-compatible provider's endpoint", .placeholder = "PATH"});
    line.text("--config", options.config,
              {.help = "Configuration file with the providers",
               .placeholder = "FILE",
               .default_text = "$OPENCLAW_CONFIG, else ~/.openclaw/openclaw.json"});
    options.remote.add_to(line, /*known_extra_json=*/true);
    add_timeout(line, options.remote);
}

void add_output_options(CommandLine& line, Options& options) {
    line.section("Output");
    line.text("--out-dir", options.out_dir,
              {.help = "Folder of the result; ROOT is $MEDIA_GENERATION_OUTPUT_ROOT, else tmp",
               .placeholder = "DIR",
               .default_text = "ROOT/images"});
    line.text("--prefix", options.prefix,
              {.help = "How the names of new files begin", .placeholder = "TEXT"});
    line.flag_pair("--no-download", "--download", options.no_download,
                   {.help = "Do not save the picture"}, {.help = "Save it, which is the default"});
    line.flag("--print-json", options.print_json,
              {.help = "Print one JSON document instead of lines of text"});
    line.flag(
        "--quiet", options.quiet,
        {.help = "No notes and warnings on stderr; errors are always shown", .addition = true});
}

void declare(CommandLine& line, Options& options) {
    line.section("Input");
    line.text("--prompt", options.prompt,
              {.help = "What the picture should show", .placeholder = "TEXT", .required = true});
    add_request_options(line, options);
    add_provider_options(line, options);
    add_output_options(line, options);
}

}  // namespace

Options parse(const Words& words) {
    Options options;
    CommandLine line(kCommand, kPurpose);
    declare(line, options);
    line.parse(words);
    return options;
}

std::vector<KnownOption> known_options() {
    Options options;
    CommandLine line(kCommand, kPurpose);
    declare(line, options);
    return line.known_options();
}

void run(const Options& options, const Context& context) {
    Progress progress;
    run(options, context, progress);
}

void run(const Options& options, const Context& context, Progress& progress) {
    const Story story(context.err, options.quiet);
    check_prefix(options.prefix);
    const ProviderChoice choice = choose_provider(options.provider, context.environment);
    if (choice.is_local()) {
        throw Failure("the local provider makes no pictures from prompts; name another");
    }
    const RemoteProvider provider = find_provider(choice, options.config, context.environment,
                                                  story, {.dry_run = options.remote.dry_run});
    const bool has_references = !options.references.files.empty();
    const std::string model = effective_model(options.model, kModelVariable, kPlaceholderModel,
                                              has_references ? kFalReferenceModel : kFalModel,
                                              provider, context.environment, story);
    const transport::ModelRegistry registry = known_models(context.environment);
    const transport::Model* known = registry.find(model);
    std::optional<transport::Model> with_references;
    if (has_references && provider.is_fal()) {
        with_references = reference_model(options, model, registry, story);
        known = &*with_references;
        progress.needs_references = needs_references(*known);
    }

    Json body = provider.is_fal() ? fal_input(options) : openai_body(options, model);
    merge(body, read_extra_json(options.remote));
    std::string request = transport::shorten_payloads(one_line_json(body));
    const PlannedCall call = plan(options, provider, model, known, std::move(body), context, story);
    if (has_references) {
        request = transport::shorten_payloads(one_line_json(call.body));
    }
    RemoteSession session(provider, context, story, options.quiet);
    finish_planning(call, known, options.remote, session);

    const ResultFolder folder =
        make_result_folder(options.out_dir, options.prefix, options.remote, context);
    const RemoteAnswer answer = call.send(session);
    progress.status = answer.status;
    EditSummary summary = summarise(answer, call, provider, model, "image generation");
    summary.request = request;
    if (answer.ok() && options.no_download) {
        note_saved_once_printed(summary, answer, context, story);
    } else if (answer.ok()) {
        collect(answer, folder, session, summary);
    }
    print(summary, options, context);
}

}  // namespace editprep::tools::generate_image
